import fc from 'fast-check';
import type { PspTruth } from '../psp/port.ts';
import type { Operation, Part, Payment, Whole } from './model.ts';
import { settle } from './settle.ts';

const AT = '2026-12-01T00:00:00.000Z';
const operation = (id: string, kind: Operation['kind'], amount: number): Operation => ({
  id,
  paymentId: 'pay_1',
  partId: 'prt_1',
  kind,
  amount,
  final: false,
  reference: id,
  reason: null,
  token: null,
  returnUrl: null,
  cause: null,
  requestKey: id,
  state: 'requested',
  failure: null,
  attempts: 1,
  dueAt: AT,
  createdAt: AT,
  settledAt: null,
});
const none = { authorized: 0, captured: 0, refunded: 0 };
const part: Part = {
  ...none,
  id: 'prt_1',
  paymentId: 'pay_1',
  position: 0,
  method: 'card',
  provider: 'bank',
  amount: 100,
  state: 'authorizing',
  providerPaymentId: null,
  actionUrl: null,
  actionSecret: null,
  failure: null,
  cardBrand: null,
  cardLast4: null,
  expiresAt: null,
  checkAt: null,
};
const payment: Payment = {
  ...none,
  id: 'pay_1',
  orderId: null,
  cartId: 'crt_1',
  customerId: null,
  currency: 'EUR',
  amount: 100,
  disputed: 0,
  state: 'processing',
  live: true,
  announced: false,
  giveBack: null,
  expiresAt: AT,
  createdAt: AT,
};
const begun: Whole = {
  payment,
  parts: [part],
  operations: [
    operation('a', 'authorize', 100),
    operation('c1', 'capture', 30),
    operation('c2', 'capture', 20),
    operation('r', 'refund', 10),
  ],
};

/** How the provider had it, one moment after the other. */
const MOVEMENTS = ['c1', 'c2', 'r'].map((key) => ({ key, status: 'succeeded' as const }));
const history: PspTruth[] = [0, 1, 2, 3].map((made) => ({
  key: 'a',
  paymentId: 'bp_1',
  status: 'authorized',
  movements: MOVEMENTS.slice(0, made),
}));
const last: PspTruth = history.at(-1) ?? { key: 'a', paymentId: null, status: 'unknown', movements: [] };

test('however often and in whatever order a provider’s answers are kept, each movement counts and is told once', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...history), { maxLength: 12 }), (answers) => {
      const told: string[] = [];
      let whole = begun;
      for (const answer of [...answers, last]) {
        const { happenings, ...next } = settle(whole, 'prt_1', answer, AT);
        told.push(...happenings.map(({ kind }) => kind));
        whole = next;
      }
      expect(whole.payment).toMatchObject({ authorized: 100, captured: 50, refunded: 10, state: 'partially_refunded' });
      expect(told.toSorted()).toEqual(['authorized', 'captured', 'captured', 'refunded']);
      expect(whole.operations.every(({ state }) => state === 'succeeded')).toBe(true);
    }),
  );
});

test('an answer about another authorization settles nothing', () => {
  const { happenings, ...after } = settle(begun, 'prt_1', { ...last, key: 'older', movements: [] }, AT);
  expect(happenings).toEqual([]);
  expect(after.operations).toEqual(begun.operations);
});

test('a hold that the bank ended by itself ends here, and is said once', () => {
  const held = settle(begun, 'prt_1', { ...last, movements: [] }, AT);
  const ended = settle(held, 'prt_1', { ...last, status: 'expired', movements: [] }, AT);
  expect(ended.payment).toMatchObject({ state: 'expired', live: false });
  expect(ended.happenings).toEqual([{ kind: 'expired' }]);
  expect(settle(ended, 'prt_1', { ...last, status: 'expired', movements: [] }, AT).happenings).toEqual([]);
});
