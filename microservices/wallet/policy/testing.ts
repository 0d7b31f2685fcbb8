import { available, openBook, type Account, type Book, type Entry, type Hold, type Transfer } from './book.ts';
import { remainingOf } from './holds.ts';

export const MORNING = '2026-11-23T08:00:00.000Z';

/** An account as it would come from the store; empty unless said otherwise. */
export const accountWith = (fields: Partial<Account> = {}): Account => ({
  id: 'acc_a',
  ownerId: 'cus_a',
  currency: 'EUR',
  balance: 0,
  held: 0,
  credit: 0,
  entries: 0,
  version: 0,
  frozen: false,
  freezeReason: null,
  limits: { perTransfer: null, perDay: null, maxBalance: null },
  spentOn: null,
  spent: 0,
  openedAt: MORNING,
  ended: null,
  survivorId: null,
  ...fields,
});

export const transferWith = (fields: Partial<Transfer> = {}): Transfer => ({
  id: 'trf_1',
  linkedId: null,
  kind: 'transfer',
  currency: 'EUR',
  amount: 1,
  debitAccount: 'acc_a',
  creditAccount: 'acc_b',
  holdId: null,
  reference: 'r',
  reason: null,
  at: MORNING,
  ...fields,
});

/** A whole ledger in memory, in place of the store. */
export interface Ledger {
  accounts: Map<string, Account>;
  holds: Map<string, Hold>;
  entries: Entry[];
  transfers: Transfer[];
}

export const emptyLedger = (accounts: readonly Account[]): Ledger => ({
  accounts: new Map(accounts.map((account) => [account.id, account])),
  holds: new Map(),
  entries: [],
  transfers: [],
});

export const bookOf = (ledger: Ledger): Book => openBook([...ledger.accounts.values()]);

/** Writes a decided book into the ledger. */
export const write = (ledger: Ledger, book: Book): void => {
  for (const account of book.accounts.values()) ledger.accounts.set(account.id, account);
  for (const hold of book.holds.values()) ledger.holds.set(hold.id, hold);
  ledger.entries.push(...book.entries);
  ledger.transfers.push(...book.transfers);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const signed = (entry: Entry): number => (entry.side === 'credit' ? entry.amount : -entry.amount);

/** One sentence for each invariant that is broken. */
export const brokenInvariants = (ledger: Ledger): string[] => {
  const broken: string[] = [];
  const demand = (holds: boolean, sentence: string) => void (holds || broken.push(sentence));
  for (const currency of new Set(ledger.entries.map((entry) => entry.currency))) {
    const total = sum(ledger.entries.filter((entry) => entry.currency === currency).map(signed));
    demand(total === 0, `${currency}: debits and credits differ by ${total}`);
  }
  for (const account of ledger.accounts.values()) {
    const own = ledger.entries.filter((entry) => entry.accountId === account.id);
    const open = [...ledger.holds.values()].filter((hold) => hold.accountId === account.id).map(remainingOf);
    demand(available(account) >= 0, `${account.id}: ${available(account)} available`);
    demand(account.balance === sum(own.map(signed)), `${account.id}: balance is not the sum of its entries`);
    demand(account.held === sum(open), `${account.id}: held is not what its open holds have left`);
    demand(
      own.every((entry, index) => entry.sequence === index + 1),
      `${account.id}: entries are not numbered 1, 2, 3 …`,
    );
    demand(
      own.at(-1) === undefined || own.at(-1)?.balanceAfter === account.balance,
      `${account.id}: last line and balance differ`,
    );
  }
  for (const hold of ledger.holds.values()) {
    const moved = (kind: Transfer['kind']) =>
      sum(
        ledger.transfers
          .filter((transfer) => transfer.holdId === hold.id && transfer.kind === kind)
          .map(({ amount }) => amount),
      );
    demand(
      hold.captured <= hold.amount && hold.captured === moved('capture'),
      `${hold.id}: captured more than held or posted`,
    );
    demand(
      hold.refunded <= hold.captured && hold.refunded === moved('refund'),
      `${hold.id}: refunded more than captured or posted`,
    );
  }
  return broken;
};
