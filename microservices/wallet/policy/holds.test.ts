import { openBook, type Hold, type HoldState } from './book.ts';
import { holdStates, isOpen, type HoldMove } from './states.ts';
import { authorize, capture, newHold, refund, release } from './holds.ts';
import { accountWith, MORNING } from './testing.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const EVENING = '2026-11-23T20:00:00.000Z';

/** An account of 100 with a hold of 60 on it, moved on as asked. */
const held = (fields: Partial<Hold> = {}) => {
  const account = accountWith({ balance: 100 });
  const hold = newHold(account, { id: 'hld_1', amount: 60, reference: 'ord_1', expiresInSeconds: 3_600, at: MORNING });
  const authorized = authorize(openBook([account]), hold);
  if (!authorized.done) throw new Error('The hold was refused');
  const after = { ...hold, ...fields };
  const accounts = [...authorized.done.accounts.values()].map((one) => ({
    ...one,
    balance: one.balance - after.captured,
    held: isOpen(after.state) ? after.amount - after.captured : 0,
  }));
  return { hold: after, book: openBook(accounts) };
};
const accountIn = (book: ReturnType<typeof openBook>) => book.accounts.get('acc_a');

test('authorizing holds money without moving it', () => {
  const { book, hold } = held();
  expect(accountIn(book)).toMatchObject({ balance: 100, held: 60, spent: 60 });
  expect(hold.expiresAt).toBe('2026-11-23T09:00:00.000Z');
});

describe('capturing', () => {
  const take = (from: ReturnType<typeof held>, amount?: number, final = true) =>
    capture(from.book, from.hold, {
      transferId: 'trf_1',
      amount: amount === undefined ? undefined : eur(amount),
      final,
      at: MORNING,
    });

  test('takes everything by default', () => {
    const { done } = take(held());
    expect(done).toMatchObject({ released: 0, hold: { state: 'captured', captured: 60 } });
    expect(done && accountIn(done.book)).toMatchObject({ balance: 40, held: 0 });
  });

  test('the last one in part releases the rest', () => {
    const { done } = take(held(), 25);
    expect(done).toMatchObject({ released: 35, hold: { state: 'captured', captured: 25 } });
    expect(done && accountIn(done.book)).toMatchObject({ balance: 75, held: 0, spent: 25 });
  });

  test('in part with more to come keeps the rest held', () => {
    const { done } = take(held(), 25, false);
    expect(done).toMatchObject({ released: 0, hold: { state: 'partially_captured', captured: 25 } });
    expect(done && accountIn(done.book)).toMatchObject({ balance: 75, held: 35 });
  });

  test('the last cent closes the hold even when more was to come', () => {
    expect(take(held(), 60, false).done?.hold.state).toBe('captured');
  });

  test('never takes more than is left', () => {
    const partly = held({ state: 'partially_captured', captured: 25 });
    expect(take(partly, 36).refused).toEqual({ code: 'CAPTURE_EXCEEDS_HOLD', remaining: eur(35), requested: eur(36) });
  });

  test('is refused from the moment of expiry on, and not before', () => {
    const { book, hold } = held();
    const at = (moment: string) => capture(book, hold, { transferId: 'trf_1', final: true, at: moment });
    expect(at('2026-11-23T08:59:59.999Z').done).toBeDefined();
    expect(at('2026-11-23T09:00:00.000Z').refused).toEqual({
      code: 'HOLD_EXPIRED',
      holdId: 'hld_1',
      expiresAt: hold.expiresAt,
    });
  });

  test('refuses another currency instead of reading it as its own', () => {
    const { book, hold } = held();
    const other = capture(book, hold, {
      transferId: 'trf_1',
      amount: { amount: 1, currency: 'USD' },
      final: true,
      at: MORNING,
    });
    expect(other.refused).toEqual({ code: 'CURRENCY_MISMATCH', expected: 'EUR', given: 'USD' });
  });
});

describe('the table of states', () => {
  const states = Object.keys(holdStates) as HoldState[];
  const moves: HoldMove[] = ['capture_part', 'capture_last', 'void', 'expire'];
  const captured = { authorized: 0, partially_captured: 20, captured: 20, voided: 0, expired: 0 };

  test.each(states.flatMap((state) => moves.map((move) => [state, move] as const)))('%s, %s', (state, move) => {
    const { book, hold } = held({ state, captured: captured[state] });
    const amount = eur(move === 'capture_part' ? 10 : 60 - hold.captured);
    const outcome =
      move === 'capture_part' || move === 'capture_last'
        ? capture(book, hold, { transferId: 'trf_1', amount, final: move === 'capture_last', at: MORNING })
        : release(book, hold, move === 'void' ? 'void' : 'expire');
    const to = holdStates[state][move];
    if (to) {
      expect(outcome.done?.hold.state).toBe(to);
    } else {
      expect(outcome.refused).toMatchObject({ code: 'ILLEGAL_STATE', holdId: 'hld_1', state });
    }
  });

  test('a refusal names what is possible instead', () => {
    const done = held({ state: 'captured', captured: 20 });
    expect(release(done.book, done.hold, 'void').refused).toMatchObject({ allowed: ['refund'] });
  });
});

describe('releasing', () => {
  test('gives back what is left, once', () => {
    const { book, hold } = held({ state: 'partially_captured', captured: 20 });
    const first = release(book, hold, 'void').done;
    expect(first).toMatchObject({ released: 40, hold: { state: 'captured', captured: 20 } });
    expect(first && accountIn(first.book)).toMatchObject({ balance: 80, held: 0 });
  });

  test('voiding what was released before changes nothing', () => {
    const { book, hold } = held({ state: 'expired' });
    const again = release(book, hold, 'void').done;
    expect(again).toEqual({ book, hold, released: 0 });
  });
});

describe('refunding', () => {
  const giveBack = (from: ReturnType<typeof held>, amount: { amount: number; currency: string }) =>
    refund(from.book, from.hold, { transferId: 'trf_2', amount, reference: 'rfd_1', reason: null, at: EVENING });

  test('brings money from refunds back to its owner', () => {
    const { done } = giveBack(held({ state: 'captured', captured: 50 }), eur(20));
    expect(done).toMatchObject({
      hold: { captured: 50, refunded: 20 },
      transfer: { debitAccount: 'refunds:EUR', creditAccount: 'acc_a' },
    });
    expect(done && accountIn(done.book)).toMatchObject({ balance: 70 });
  });

  test('never more than was captured and not refunded yet', () => {
    const from = held({ state: 'captured', captured: 50, refunded: 40 });
    expect(giveBack(from, eur(11)).refused).toEqual({
      code: 'REFUND_EXCEEDS_CAPTURE',
      refundable: eur(10),
      requested: eur(11),
    });
    expect(giveBack(held(), eur(1)).refused).toMatchObject({ refundable: eur(0) });
  });

  test('refuses another currency', () => {
    const from = held({ state: 'captured', captured: 50 });
    expect(giveBack(from, { amount: 1, currency: 'JPY' }).refused).toMatchObject({ code: 'CURRENCY_MISMATCH' });
  });
});
