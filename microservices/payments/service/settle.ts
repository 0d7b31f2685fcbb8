import type { Context, Tx } from '../context.ts';
import type { Whole } from '../policy/model.ts';
import { transfersOf } from '../policy/postings.ts';
import { keepDisputes } from './keep-disputes.ts';
import { newOperation } from './new-operation.ts';
import { planGiveBack } from '../policy/give-back.ts';
import { settle, summed, type Happening, type Settled } from '../policy/settle.ts';
import type { PspTruth } from '../psp/port.ts';
import { lockWhole, saveWhole } from '../store/payments.ts';
import { checkPart } from '../store/operations.ts';
import { keepPosting } from '../store/postings.ts';

/**
 * Brings a part up to what its provider says, with events and postings, in one transaction under the payment's lock.
 */
export const settlePart = (
  context: Context,
  { paymentId, partId }: { paymentId: string; partId: string },
  truth: PspTruth,
): Promise<void> =>
  context.commit(async (tx) => {
    const whole = await lockWhole(tx, paymentId);
    if (!whole) return;
    const at = context.now();
    const settled = settle(whole, partId, truth, at.toISOString());
    const part = settled.parts.find(({ id }) => id === partId);
    const payment = part
      ? await keepDisputes(tx, { payment: settled.payment, part }, truth.disputes ?? [], at)
      : settled.payment;
    await keep(tx, context, givenBack({ ...settled, payment }, at), at);
    if (part?.state === 'requires_action')
      await checkPart(tx, partId, new Date(at.getTime() + context.settings.checkSeconds * 1_000));
  });

/** What was settled, and where the order has ended, the movements that give it back. */
const givenBack = (settled: Settled, at: Date): Settled => {
  const { giveBack, id } = settled.payment;
  if (giveBack === null) return settled;
  const { movements, parts = settled.parts } = planGiveBack(settled);
  const added = movements.map((wanted) => newOperation(id, wanted, giveBack, at, 0));
  return summed({ ...settled, parts, operations: [...settled.operations, ...added] });
};

/** Saves what became of a payment, announces it, and keeps what is to be posted. */
export const keep = async (tx: Tx, context: Pick<Context, 'settings'>, settled: Settled, at: Date): Promise<void> => {
  const isHeld = settled.happenings.some(({ kind }) => kind === 'authorized');
  const expiresAt = isHeld
    ? new Date(at.getTime() + context.settings.heldDays * DAY).toISOString()
    : settled.payment.expiresAt;
  await saveWhole(tx, { ...settled, payment: { ...settled.payment, expiresAt } });
  for (const happening of settled.happenings) {
    announce(tx, settled, happening);
    await post(tx, settled, happening, at);
  }
};

const DAY = 86_400_000;

const post = async (tx: Tx, { payment }: Whole, happening: Happening, at: Date): Promise<void> => {
  if (happening.kind !== 'captured' && happening.kind !== 'refunded') return;
  const { operation, part, kind } = happening;
  const transfers = transfersOf(kind, part.method, { amount: operation.amount, currency: payment.currency });
  if (transfers.length > 0) await keepPosting(tx, { reference: operation.id, paymentId: payment.id, transfers, at });
};

const announce = (tx: Tx, { payment }: Whole, happening: Happening): void => {
  const { id, orderId, cartId, customerId, currency } = payment;
  const about = { paymentId: id, orderId, cartId, customerId };
  const money = (amount: number) => ({ amount, currency });
  switch (happening.kind) {
    case 'authorized':
      return tx.append('payment.authorized', id, { ...about, amount: money(payment.amount) });
    case 'voided':
    case 'expired':
      return tx.append(`payment.${happening.kind}`, id, { ...about, captured: money(payment.captured) });
    default:
  }
  const { part } = happening;
  const ofPart = { ...about, partId: part.id, method: part.method };
  switch (happening.kind) {
    case 'action_required':
      return tx.append('payment.action_required', id, ofPart);
    case 'declined':
      return tx.append('payment.declined', id, {
        ...ofPart,
        amount: money(part.amount),
        failure: part.failure ?? 'declined',
      });
    default:
  }
  const { operation } = happening;
  const moved = { ...ofPart, operationId: operation.id, amount: money(operation.amount) };
  switch (happening.kind) {
    case 'captured':
      return tx.append('payment.captured', id, { ...moved, captured: money(payment.captured) });
    case 'refunded':
      return tx.append('payment.refunded', id, {
        ...moved,
        refundReference: operation.reference ?? operation.id,
        refunded: money(payment.refunded),
      });
    case 'refused': {
      const { kind, reference, failure } = operation;
      if (kind === 'authorize') return;
      tx.append('payment.movement_refused', id, { ...moved, kind, reference, failure: failure ?? 'refused' });
    }
  }
};
