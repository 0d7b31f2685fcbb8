/** The events of this domain as they might really be. */
import { exampleId } from '../../chassis/contract/index.ts';

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const ownerId = exampleId('cus');
const account = { accountId: exampleId('acc'), ownerId, currency: 'EUR' };
const movement = { transferId: exampleId('trf'), ownerId, accountId: exampleId('acc') };
const hold = { holdId: exampleId('hld'), ownerId, accountId: exampleId('acc'), reference: exampleId('ord') };

export const walletExamples = {
  'wallet.opened': account,
  'wallet.topped_up': { ...movement, reference: 'pi_3QXkT2', amount: euros(5_000) },
  'wallet.paid_out': { ...movement, reference: 'payout-2026-118', amount: euros(2_500) },
  'wallet.credit_granted': {
    ...movement,
    creditId: exampleId('crd'),
    reference: 'anniversary-2026',
    amount: euros(500),
    expiresAt: '2027-02-28T00:00:00.000Z',
  },
  'wallet.credit_expired': {
    ...movement,
    creditId: exampleId('crd'),
    reference: 'anniversary-2026',
    amount: euros(120),
  },
  'wallet.written_off': { ...movement, reference: 'erasure', amount: euros(35) },
  'wallet.transferred': {
    transferId: exampleId('trf'),
    linkedId: exampleId('trf'),
    fromOwnerId: ownerId,
    toOwnerId: exampleId('cus', 2),
    reference: 'gift-118',
    amount: euros(1_000),
  },
  'wallet.held': { ...hold, amount: euros(6_290), expiresAt: '2026-11-30T10:00:00.000Z' },
  'wallet.captured': {
    ...hold,
    transferId: exampleId('trf'),
    amount: euros(6_290),
    captured: euros(6_290),
    state: 'captured' as const,
  },
  'wallet.released': { ...hold, amount: euros(6_290), cause: 'voided' as const, state: 'voided' as const },
  'wallet.refunded': {
    ...hold,
    transferId: exampleId('trf', 2),
    refundReference: exampleId('ref'),
    amount: euros(2_900),
    refunded: euros(2_900),
  },
  'wallet.frozen': account,
  'wallet.unfrozen': account,
  'wallet.limits_changed': { ...account, limits: { perTransfer: 50_000, perDay: 100_000, maxBalance: null } },
  'payment.failed': {
    holdId: exampleId('hld'),
    ownerId,
    reference: exampleId('ord'),
    amount: euros(6_290),
    reason: 'insufficient_funds' as const,
  },
  'payment.refund_failed': {
    holdId: exampleId('hld'),
    orderId: exampleId('ord'),
    refundId: exampleId('ref'),
    amount: euros(2_900),
    reason: 'hold_not_found' as const,
  },
};
