import { accountOf, enter, withAccount, type Account, type Book, type Limits, type Transfer } from './book.ts';
import { dayOf } from './spending.ts';

/**
 * Moves all that is on an account, holds and granted credit included, to the account of the owner that it was merged
 * into. What was spent today counts there too, so that a merge gives nobody a second daily limit. Limits and a freeze
 * stop no merge. `transfer` is left out when the balance is zero.
 */
export const moveAll = (
  book: Book,
  { from, to, at, transfer }: { from: string; to: string; at: string; transfer: Transfer | undefined },
): Book => {
  const moved = transfer ? enter(book, transfer) : book;
  const source = accountOf(moved, from);
  const target = accountOf(moved, to);
  return withAccount(withAccount(moved, { ...source, held: 0, credit: 0 }), {
    ...target,
    ...spentByBoth(source, target, dayOf(at)),
    held: target.held + source.held,
    credit: target.credit + source.credit,
  });
};

const spentByBoth = (source: Account, target: Account, day: string): Pick<Account, 'spentOn' | 'spent'> =>
  source.spentOn === day
    ? { spentOn: day, spent: source.spent + (target.spentOn === day ? target.spent : 0) }
    : { spentOn: target.spentOn, spent: target.spent };

/** The stricter of both for each limit: a merge loosens none. */
export const stricter = (one: Limits, other: Limits): Limits => ({
  perTransfer: smaller(one.perTransfer, other.perTransfer),
  perDay: smaller(one.perDay, other.perDay),
  maxBalance: smaller(one.maxBalance, other.maxBalance),
});

const smaller = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);
