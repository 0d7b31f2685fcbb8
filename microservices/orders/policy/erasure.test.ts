import fc from 'fast-check';
import { whyErasureWaits, type OpenOrder } from './erasure.ts';
import { orderStates, type OrderState } from './states.ts';

const states = Object.keys(orderStates) as OrderState[];
const order = (given: Partial<OpenOrder>): OpenOrder => ({
  number: 'FC-1',
  state: 'delivered',
  cashDue: false,
  refundOpen: false,
  ...given,
});
const anyOrder = fc.record({
  number: fc.integer({ min: 100_000, max: 9_999_999 }).map((number) => `ABCDEFGHI-${number}`),
  state: fc.constantFrom(...states),
  cashDue: fc.boolean(),
  refundOpen: fc.boolean(),
});

test('only what still has to be shipped, collected or paid back makes an erasure wait', () => {
  const waiting = states.filter((state) => whyErasureWaits([order({ state })]) !== undefined);
  expect(waiting).toEqual(['placed', 'under_review', 'approved', 'confirmed', 'partially_fulfilled']);
  expect(whyErasureWaits([order({ state: 'fulfilled', cashDue: true })])).toContain('with cash to collect');
  expect(whyErasureWaits([order({ state: 'closed', cashDue: true })])).toBeUndefined();
  expect(whyErasureWaits([order({ state: 'cancelled', refundOpen: true })])).toContain('not paid back yet');
  expect(whyErasureWaits([])).toBeUndefined();
});

test('the reason names the orders and fits into 500 characters of one line, however many there are', () => {
  expect(whyErasureWaits([order({ state: 'placed' }), order({ number: 'FC-2', state: 'approved' })])).toBe(
    'Orders FC-1, FC-2: not shipped completely. Ship, cancel or reject.',
  );
  fc.assert(
    fc.property(fc.array(anyOrder, { maxLength: 300 }), (orders) => {
      const reason = whyErasureWaits(orders) ?? '';
      expect(reason.length).toBeLessThanOrEqual(500);
      expect(reason).not.toMatch(/[\r\n]/);
    }),
  );
});
