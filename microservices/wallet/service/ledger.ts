import type { Tx } from '../context.ts';
import { accountOf, openBook, type Account, type Book, type Outcome, type Transfer } from '../policy/book.ts';
import type { OwnerRefusal } from '../policy/owners.ts';
import { lockAccounts, openAccounts, type Party } from '../store/lock.ts';
import { writeBook } from '../store/write-book.ts';

/** The id of an owner's account in a currency, among the accounts that a command locked. */
export type AccountIds = (ownerId: string, currency: string) => string;

export interface Decided {
  book: Book;
  idOf: AccountIds;
}

/** Returns why none of these owners' accounts may be opened, or undefined when all may. */
export type Admit = (tx: Tx, ownerIds: readonly string[], at: string) => Promise<OwnerRefusal | undefined>;

type Decide<Refusal> = (book: Book, idOf: AccountIds) => Outcome<Book, Refusal>;

/**
 * Locks the parties' accounts, lets `decide` judge and writes what it decided. Missing accounts are opened only when
 * `admit` has nothing against their owners and the decision, tried on empty accounts, is a yes: a refused command
 * leaves no account behind. `decide` must be pure: it may run twice.
 */
export const decideOn = async <Refusal>(
  tx: Tx,
  parties: readonly Party[],
  at: string,
  admit: Admit,
  decide: Decide<Refusal>,
): Promise<Outcome<Decided, Refusal | OwnerRefusal>> => {
  const locked = await lockForUse(tx, parties, at, admit, decide);
  return locked.done ? decideLocked(tx, locked.done, decide) : locked;
};

/** The first half of `decideOn`: the parties' accounts, locked, opened where they were missing. */
export const lockForUse = async <Refusal>(
  tx: Tx,
  parties: readonly Party[],
  at: string,
  admit: Admit,
  decide: Decide<Refusal>,
): Promise<Outcome<Account[], Refusal | OwnerRefusal>> => {
  const accounts = await lockAccounts(tx, parties);
  const missing = unique(parties).filter((party) => !accounts.some((account) => isOf(account, party)));
  if (missing.length === 0) return { done: accounts };
  const unfit = await admit(
    tx,
    missing.map(({ ownerId }) => ownerId),
    at,
  );
  if (unfit) return { refused: unfit };
  const trial = judge([...accounts, ...missing.map((party) => unopened(party, at))], decide);
  if (!trial.done) return trial;
  await openForUse(tx, missing, at);
  return { done: await lockAccounts(tx, parties) };
};

/** The second half of `decideOn`: judges locked accounts and writes what was decided. */
export const decideLocked = async <Refusal>(
  tx: Tx,
  accounts: readonly Account[],
  decide: Decide<Refusal>,
): Promise<Outcome<Decided, Refusal>> => {
  const judged = judge(accounts, decide);
  if (judged.done) await writeBook(tx, judged.done.book);
  return judged;
};

/** The transfer that a command posted, and the account of its owner after it. */
export const posted = (
  { book, idOf }: Decided,
  ownerId: string,
  currency: string,
): { transfer: Transfer; account: Account } => {
  const [transfer] = book.transfers;
  if (!transfer) throw new Error(`Nothing was posted for ${ownerId}`);
  return { transfer, account: accountOf(book, idOf(ownerId, currency)) };
};

/** Opens accounts and announces those that nobody else was quicker to open. */
export const openForUse = async (tx: Tx, parties: readonly Party[], at: string): Promise<void> => {
  for (const { id: accountId, ownerId, currency } of await openAccounts(tx, parties, at)) {
    tx.append('wallet.opened', accountId, { accountId, ownerId, currency });
  }
};

const judge = <Refusal>(accounts: readonly Account[], decide: Decide<Refusal>): Outcome<Decided, Refusal> => {
  const idOf: AccountIds = (ownerId, currency) => {
    const account = accounts.find((candidate) => isOf(candidate, { ownerId, currency }));
    if (!account) throw new Error(`The account of ${ownerId} in ${currency} was not read before deciding about it`);
    return account.id;
  };
  const outcome = decide(openBook(accounts), idOf);
  return outcome.done ? { done: { book: outcome.done, idOf } } : outcome;
};

const isOf = (account: Account, party: Party): boolean =>
  account.ownerId === party.ownerId && account.currency === party.currency;

const unique = (parties: readonly Party[]): Party[] => [
  ...new Map(parties.map((party) => [`${party.currency} ${party.ownerId}`, party])).values(),
];

/** An account as it would be right after opening. */
const unopened = ({ ownerId, currency }: Party, at: string): Account => ({
  id: `unopened ${currency} ${ownerId}`,
  ownerId,
  currency,
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
  openedAt: at,
  ended: null,
  survivorId: null,
});
