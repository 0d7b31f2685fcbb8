import type { InputOf } from '../../chassis/contract/index.ts';
import { command, remember } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import type { walletContract } from '../contract.ts';
import { openBook, type Account, type Hold, type Transfer } from '../policy/book.ts';
import { refund } from '../policy/holds.ts';
import { lockHold } from '../store/lock.ts';
import { findRefund } from '../store/transfers.ts';
import { writeBook } from '../store/write-book.ts';
import { announceRefund } from './announce.ts';
import { keepReturned } from './credit-moves.ts';
import { noHold, refundProblem, type RefundFailure } from './refusals.ts';
import { holdResponse, transferResponse } from './responses.ts';

interface RefundTerms extends Pick<InputOf<typeof walletContract, 'refundCapture'>, 'amount' | 'reference'> {
  /** Null when an event asked. */
  reason: string | null;
}

export const refundCapture = ({ now }: Context): Handlers['refundCapture'] =>
  command(async (tx, { holdId, ...terms }, { errors }) => {
    const locked = await lockHold(tx, holdId);
    if (!locked) return remember(noHold(holdId, errors));
    const made = await refundOnce(tx, locked, terms, now().toISOString());
    if ('code' in made) return remember(refundProblem(errors, made));
    const owners = { fromOwnerId: null, toOwnerId: made.hold.ownerId };
    return { hold: holdResponse(made.hold), transfer: transferResponse(made.transfer, owners) };
  });

/**
 * Refunds a locked hold. A refund that was made with this reference before, over HTTP or by an event of orders, is
 * returned instead.
 */
export const refundOnce = async (
  tx: Tx,
  { hold, account }: { hold: Hold; account: Account },
  { amount, reason, reference }: RefundTerms,
  at: string,
): Promise<{ hold: Hold; transfer: Transfer } | RefundFailure> => {
  const made = await findRefund(tx, hold.id, reference);
  if (made) {
    const isSame = made.amount === amount.amount && made.currency === amount.currency;
    if (isSame) return { hold, transfer: made };
    return {
      code: 'REFERENCE_USED',
      what: 'refund',
      reference,
      amount: { amount: made.amount, currency: made.currency },
    };
  }
  const outcome = refund(openBook([account]), hold, { transferId: newId('trf'), amount, reason, reference, at });
  if (outcome.refused) return outcome.refused;
  await writeBook(tx, outcome.done.book);
  await keepReturned(tx, [hold], outcome.done.book, at);
  announceRefund(tx, outcome.done.hold, outcome.done.transfer);
  return outcome.done;
};
