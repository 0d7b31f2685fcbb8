import type { Tx } from '../context.ts';
import type { Hold, Transfer } from '../policy/book.ts';
import type { Settled } from '../policy/holds.ts';

const ofHold = ({ id: holdId, ownerId, accountId, reference }: Hold) => ({ holdId, ownerId, accountId, reference });

export const announceHeld = (tx: Tx, hold: Hold): void =>
  tx.append('wallet.held', hold.id, {
    ...ofHold(hold),
    amount: { amount: hold.amount, currency: hold.currency },
    expiresAt: hold.expiresAt,
  });

/** Announces a capture, and the money that a capture, a void or an expiry made available again. */
export const announceSettled = (
  tx: Tx,
  { hold, transfer, released }: Settled,
  cause: 'voided' | 'expired' | 'captured',
): void => {
  const money = (amount: number) => ({ amount, currency: hold.currency });
  const { state } = hold;
  if (transfer) {
    const amounts = { amount: money(transfer.amount), captured: money(hold.captured) };
    tx.append('wallet.captured', hold.id, { ...ofHold(hold), transferId: transfer.id, ...amounts, state });
  }
  if (released > 0) tx.append('wallet.released', hold.id, { ...ofHold(hold), amount: money(released), cause, state });
};

export const announceRefund = (tx: Tx, hold: Hold, transfer: Transfer): void =>
  tx.append('wallet.refunded', hold.id, {
    ...ofHold(hold),
    transferId: transfer.id,
    refundReference: transfer.reference,
    amount: { amount: transfer.amount, currency: transfer.currency },
    refunded: { amount: hold.refunded, currency: hold.currency },
  });
