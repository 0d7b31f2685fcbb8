import fc from 'fast-check';
import { systemAccountId, type Account, type Book, type Hold, type Outcome } from './book.ts';
import { isOpen } from './states.ts';
import { authorize, capture, newHold, refund, release } from './holds.ts';
import { receive, spend, spendAll } from './transfers.ts';
import {
  accountWith,
  bookOf,
  brokenInvariants,
  emptyLedger,
  MORNING,
  transferWith,
  write,
  type Ledger,
} from './testing.ts';

const CURRENCIES = ['EUR', 'JPY'];
const ACCOUNTS = CURRENCIES.flatMap((currency) =>
  ['a', 'b', 'c'].map((name) => accountWith({ id: `acc_${name}_${currency}`, ownerId: `cus_${name}`, currency })),
);
const NO_LIMITS = { perTransfer: null, perDay: null, maxBalance: null };
const LIMITS = { perTransfer: 40, perDay: 90, maxBalance: 150 };

const amount = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 60 }));
const slot = fc.nat(ACCOUNTS.length - 1);
const hours = fc.integer({ min: 0, max: 26 });
/** Mostly not, or soon nothing would move any more. */
const seldom = fc.nat(4).map((number) => number === 0);
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('top up' as const), to: slot, amount }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pay out' as const), from: slot, amount }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('transfer' as const), from: slot, to: slot, amount }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('linked' as const),
      moves: fc.array(fc.record({ from: slot, to: slot, amount }), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('hold' as const), from: slot, amount }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('capture' as const),
      hold: fc.nat(20),
      amount: fc.option(amount),
      final: fc.boolean(),
      hours,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('void' as const), hold: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('expire' as const), hold: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('refund' as const), hold: fc.nat(20), amount }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('freeze' as const), who: slot, frozen: seldom }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('limit' as const), who: slot, on: seldom }) },
);
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

const at = (later: number) => new Date(Date.parse(MORNING) + later * 3_600_000).toISOString();
const accountAt = (ledger: Ledger, index: number): Account => {
  const id = ACCOUNTS[index]?.id ?? '';
  const account = ledger.accounts.get(id);
  if (!account) throw new Error(`no account ${index}`);
  return account;
};

/** Two owners' accounts in one currency: the receiver's is the one in the payer's currency. */
const moveOf = (ledger: Ledger, { from, to, amount: units }: { from: number; to: number; amount: number }) => {
  const payer = accountAt(ledger, from);
  const receiver = [...ledger.accounts.values()].find(
    (one) => one.ownerId === accountAt(ledger, to).ownerId && one.currency === payer.currency,
  );
  return { debitAccount: payer.id, creditAccount: receiver?.id ?? '', amount: units, currency: payer.currency };
};

/** Decides one command on the ledger; undefined when it names nothing that exists. */
const decide = (ledger: Ledger, given: Command, index: number): Outcome<Book, unknown> | undefined => {
  const id = `trf_${index}`;
  const book = bookOf(ledger);
  // Two of three times a hold for which the command makes sense, otherwise any.
  const holdAt = (position: number, fits: (hold: Hold) => boolean = ({ state }) => isOpen(state)) => {
    const all = [...ledger.holds.values()];
    const fitting = position % 3 === 0 ? all : all.filter(fits);
    return fitting[position % fitting.length];
  };
  switch (given.do) {
    case 'top up': {
      const { id: creditAccount, currency } = accountAt(ledger, given.to);
      return receive(
        book,
        transferWith({
          id,
          kind: 'top_up',
          amount: given.amount,
          currency,
          creditAccount,
          debitAccount: systemAccountId('external', currency),
        }),
      );
    }
    case 'pay out': {
      const { id: debitAccount, currency } = accountAt(ledger, given.from);
      return spend(
        book,
        transferWith({
          id,
          kind: 'payout',
          amount: given.amount,
          currency,
          debitAccount,
          creditAccount: systemAccountId('external', currency),
        }),
      );
    }
    case 'transfer': {
      const sides = moveOf(ledger, given);
      return sides.debitAccount === sides.creditAccount ? undefined : spend(book, transferWith({ id, ...sides }));
    }
    case 'linked': {
      const moves = given.moves
        .map((move) => moveOf(ledger, move))
        .filter((sides) => sides.debitAccount !== sides.creditAccount);
      return spendAll(
        book,
        moves.map((sides, position) => transferWith({ id: `${id}_${position}`, linkedId: id, ...sides })),
      );
    }
    case 'hold':
      return authorize(
        book,
        newHold(accountAt(ledger, given.from), {
          id: `hld_${index}`,
          amount: given.amount,
          reference: 'r',
          expiresInSeconds: 86_400,
          at: MORNING,
        }),
      );
    case 'capture': {
      const hold = holdAt(given.hold);
      if (!hold) return undefined;
      const asked = given.amount === null ? undefined : { amount: given.amount, currency: hold.currency };
      const outcome = capture(book, hold, { transferId: id, amount: asked, final: given.final, at: at(given.hours) });
      return outcome.done ? { done: outcome.done.book } : outcome;
    }
    case 'void':
    case 'expire': {
      const hold = holdAt(given.hold);
      const outcome = hold && release(book, hold, given.do);
      return outcome?.done ? { done: outcome.done.book } : outcome;
    }
    case 'refund': {
      const hold = holdAt(given.hold, ({ captured, refunded }) => captured > refunded);
      if (!hold) return undefined;
      const outcome = refund(book, hold, {
        transferId: id,
        amount: { amount: given.amount, currency: hold.currency },
        reference: id,
        reason: null,
        at: at(1),
      });
      return outcome.done ? { done: outcome.done.book } : outcome;
    }
    case 'freeze':
    case 'limit': {
      const account = accountAt(ledger, given.who);
      const changed =
        given.do === 'freeze'
          ? { ...account, frozen: given.frozen }
          : { ...account, limits: given.on ? LIMITS : NO_LIMITS };
      ledger.accounts.set(account.id, changed);
      return undefined;
    }
  }
};

test('after any commands in any order the books balance and no balance is negative', () => {
  const reached = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 100, size: 'max' }), (commands) => {
      const ledger = emptyLedger(ACCOUNTS);
      for (const [index, given] of commands.entries()) {
        const outcome = decide(ledger, given, index);
        if (outcome?.done) {
          write(ledger, outcome.done);
          reached.set(given.do, (reached.get(given.do) ?? 0) + 1);
        }
        expect(brokenInvariants(ledger)).toEqual([]);
      }
    }),
    { numRuns: 200 },
  );
  // Every kind of command must have succeeded many times, or the property proves little.
  const kinds = ['top up', 'pay out', 'transfer', 'linked', 'hold', 'capture', 'void', 'expire', 'refund'];
  for (const kind of kinds) expect({ kind, often: (reached.get(kind) ?? 0) > 20 }).toEqual({ kind, often: true });
});

test('a refused command changes nothing', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 40, size: 'max' }), (commands) => {
      const ledger = emptyLedger(ACCOUNTS);
      for (const [index, given] of commands.entries()) {
        const before = structuredClone(ledger);
        const outcome = decide(ledger, given, index);
        if (outcome?.refused) expect(ledger).toEqual(before);
        if (outcome?.done) write(ledger, outcome.done);
      }
    }),
    { numRuns: 100 },
  );
});
