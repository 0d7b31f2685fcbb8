import { newId } from '../../chassis/ids.ts';
import type { Tx } from '../context.ts';
import { stateAfterNews, takesMoney } from '../policy/disputes.ts';
import type { Part, Payment } from '../policy/model.ts';
import type { ClearingTransfer } from '../policy/postings.ts';
import type { PspDispute } from '../psp/port.ts';
import { disputesOf, saveDispute, type Dispute } from '../store/disputes.ts';
import { keepPosting } from '../store/postings.ts';

/**
 * Keeps what a provider says of disputes about a part, with events and postings. Returns the payment with what banks
 * have taken back of it.
 */
export const keepDisputes = async (
  tx: Tx,
  { payment, part }: { payment: Payment; part: Part },
  told: readonly PspDispute[],
  at: Date,
): Promise<Payment> => {
  if (told.length === 0) return payment;
  const known = await disputesOf(tx, payment.id);
  const news = told.map((one) => newsOf(known, one, { payment, part }, at));
  for (const { before, after } of news) await keepOne(tx, payment, before, after, at);
  const all = new Map([...known, ...news.map(({ after }) => after)].map((one) => [one.id, one]));
  const disputed = [...all.values()]
    .filter(({ state }) => takesMoney(state))
    .reduce((sum, { amount }) => sum + amount, 0);
  return { ...payment, disputed };
};

const newsOf = (
  known: readonly Dispute[],
  told: PspDispute,
  { payment, part }: { payment: Payment; part: Part },
  at: Date,
): { before: Dispute | undefined; after: Dispute } => {
  const before = known.find(
    ({ provider, providerDisputeId }) => provider === part.provider && providerDisputeId === told.id,
  );
  const opened: Dispute = before ?? {
    id: newId('dsp'),
    provider: part.provider,
    providerDisputeId: told.id,
    paymentId: payment.id,
    partId: part.id,
    orderId: payment.orderId,
    state: 'needs_response',
    currency: payment.currency,
    amount: told.amount,
    reason: told.reason,
    evidence: null,
    evidenceDueBy: told.dueBy,
    openedAt: at.toISOString(),
    closedAt: null,
  };
  const state = stateAfterNews(opened.state, told.status);
  const isClosed = state === 'won' || state === 'lost';
  return { before, after: { ...opened, state, closedAt: isClosed ? (opened.closedAt ?? at.toISOString()) : null } };
};

const keepOne = async (
  tx: Tx,
  payment: Payment,
  before: Dispute | undefined,
  after: Dispute,
  at: Date,
): Promise<void> => {
  if (before?.state === after.state) return;
  await saveDispute(tx, after);
  const { id: disputeId, partId, reason, amount: units, currency } = after;
  const amount = { amount: units, currency };
  const { id: paymentId, orderId, cartId, customerId } = payment;
  const about = { paymentId, orderId, cartId, customerId, partId, disputeId, amount };
  const post = (what: string, transfers: ClearingTransfer[]) =>
    keepPosting(tx, { reference: `${disputeId}/${what}`, paymentId, transfers, at });
  if (!before) {
    tx.append('payment.dispute_opened', paymentId, { ...about, reason, evidenceDueBy: after.evidenceDueBy });
    await post('opened', [{ debit: 'chargebacks', credit: 'card_clearing', amount }]);
  }
  if (after.state !== 'won' && after.state !== 'lost') return;
  tx.append('payment.dispute_closed', paymentId, { ...about, outcome: after.state });
  if (after.state === 'won') await post('won', [{ debit: 'card_clearing', credit: 'chargebacks', amount }]);
};
