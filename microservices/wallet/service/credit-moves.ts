import { newId } from '../../chassis/ids.ts';
import type { Context, Tx } from '../context.ts';
import { accountOf, enter, openBook, systemAccountId, type Account, type Book, type Hold } from '../policy/book.ts';
import { settleGrants, takeBack, type Grant } from '../policy/credit.ts';
import { newTransfer } from '../policy/transfers.ts';
import { accountsWithDueCredit, activeGrants, insertGrant, moveGrants, saveGrants } from '../store/credits.ts';
import { lockAccount } from '../store/lock.ts';
import { writeBook } from '../store/write-book.ts';

const BATCH = 50;

/** Takes back credit that has expired, of a batch of accounts; true when there may be more. */
export const expireCreditBatch = async (context: Context): Promise<boolean> => {
  const at = context.now().toISOString();
  const due = await accountsWithDueCredit(context.database, at, BATCH);
  for (const accountId of due) {
    await context.commit(async (tx) => {
      const account = await lockAccount(tx, accountId);
      if (account) await takeBackCredit(tx, account, at);
    });
  }
  return due.length === BATCH;
};

/** Takes back what has expired of a locked account's credit, or all of it, and announces it. */
export const takeBackCredit = async (
  tx: Tx,
  account: Account,
  at: string,
  options: { all?: boolean } = {},
): Promise<void> => {
  const { grants, taken } = takeBack(await activeGrants(tx, [account.id]), account, at, options);
  const book = taken.reduce(
    (current, { grant, amount }) => {
      const transfer = transferOf(grant, amount, at);
      tx.append('wallet.credit_expired', account.id, {
        ...{ creditId: grant.id, transferId: transfer.id, ownerId: account.ownerId, accountId: account.id },
        ...{ reference: grant.reference, amount: { amount, currency: account.currency } },
      });
      return enter(current, transfer);
    },
    openBook([account]),
  );
  await writeBook(tx, book);
  await saveGrants(tx, grants);
};

const transferOf = ({ accountId, currency, reference }: Grant, amount: number, at: string) =>
  newTransfer(newId('trf'), 'credit_expired', { amount: { amount, currency }, reference }, at, {
    debitAccount: accountId,
    creditAccount: systemAccountId('credits', currency),
  });

/**
 * Gives the grants of one locked account to another, both as they were before the merge; what was spent of either stays
 * spent.
 */
export const moveCredit = async (tx: Tx, from: Account, to: Account): Promise<void> => {
  const grants = await activeGrants(tx, [from.id, to.id]);
  for (const account of [from, to]) {
    const own = grants.filter(({ accountId }) => accountId === account.id);
    await saveGrants(tx, settleGrants(own, account.credit));
  }
  await moveGrants(tx, from, to);
};

/**
 * Keeps the credit that refunds gave back, once the book with the refunds is written; `holds` are as they were before.
 * It does not expire, except that of an erased owner, which the job takes back.
 */
export const keepReturned = async (tx: Tx, holds: readonly Hold[], book: Book, at: string): Promise<void> => {
  for (const account of book.before.values()) {
    const returned = holds.flatMap((hold) => grantOf(hold, book, account, at) ?? []);
    if (returned.length === 0) continue;
    // Captures in the same book took credit before the refunds gave it back.
    const given = returned.reduce((sum, { amount }) => sum + amount, 0);
    const credit = accountOf(book, account.id).credit - given;
    await saveGrants(tx, settleGrants(await activeGrants(tx, [account.id]), credit));
    for (const grant of returned) await insertGrant(tx, grant);
  }
};

const grantOf = (before: Hold, book: Book, account: Account, at: string): Grant | undefined => {
  const amount = before.creditUsed - (book.holds.get(before.id)?.creditUsed ?? before.creditUsed);
  const transfer = book.transfers.find(({ holdId, kind }) => holdId === before.id && kind === 'refund');
  if (before.accountId !== account.id || amount <= 0 || !transfer) return undefined;
  const expiresAt = account.ended === 'erased' ? at : null;
  return {
    ...{ id: newId('crd'), accountId: account.id, ownerId: account.ownerId, currency: account.currency, amount },
    ...{ remaining: amount, takenBack: 0, reference: transfer.reference, reason: null, transferId: transfer.id },
    ...{ returned: true, grantedAt: at, expiresAt, dueAt: expiresAt },
  };
};
