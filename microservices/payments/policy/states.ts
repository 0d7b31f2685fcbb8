import { allowed, after, type StateTable } from '../../chassis/state-machine.ts';
import type { PartState, PaymentState } from '../contract/values.ts';

export type PartMove =
  'authorize' | 'ask' | 'approve' | 'decline' | 'capture_part' | 'capture_last' | 'void' | 'expire';

/**
 * The states of a part: from → move → to. A part of which something was captured ends as captured, however its rest
 * is set free. A refund is no move: it changes only how much of the captured money the merchant still has.
 */
export const partStates: StateTable<PartState, PartMove> = {
  pending: { authorize: 'authorizing', void: 'voided', expire: 'expired' },
  authorizing: { approve: 'authorized', ask: 'requires_action', decline: 'failed', void: 'voided', expire: 'expired' },
  requires_action: { approve: 'authorized', decline: 'failed', void: 'voided', expire: 'expired' },
  authorized: { capture_part: 'partially_captured', capture_last: 'captured', void: 'voided', expire: 'expired' },
  partially_captured: {
    capture_part: 'partially_captured',
    capture_last: 'captured',
    void: 'captured',
    expire: 'captured',
  },
  failed: { authorize: 'authorizing', void: 'voided', expire: 'expired' },
  captured: {},
  voided: {},
  expired: {},
};

export const isHeld = (state: PartState): boolean => state === 'authorized' || state === 'partially_captured';
export const hasEnded = (state: PartState): boolean => allowed(partStates, state).length === 0;
export const mayMove = (state: PartState, move: PartMove): boolean => after(partStates, state, move) !== undefined;

interface PartFacts {
  state: PartState;
  captured: number;
  refunded: number;
}

/** The state of a payment, from its parts alone, so that it can never disagree with them. */
export const paymentStateOf = (parts: readonly PartFacts[]): PaymentState => {
  const [captured, refunded] = [sum(parts, 'captured'), sum(parts, 'refunded')];
  if (refunded > 0)
    return refunded >= captured && parts.every(({ state }) => hasEnded(state)) ? 'refunded' : 'partially_refunded';
  const open = parts.filter(({ state }) => !hasEnded(state));
  if (captured > 0) return open.length > 0 ? 'partially_captured' : 'captured';
  if (open.length === 0) return parts.some(({ state }) => state === 'expired') ? 'expired' : 'voided';
  const has = (state: PartState): boolean => open.some((part) => part.state === state);
  if (has('failed')) return 'failed';
  if (has('requires_action')) return 'requires_action';
  if (has('authorizing')) return 'processing';
  return has('pending') ? 'pending' : 'authorized';
};

const sum = (parts: readonly PartFacts[], name: 'captured' | 'refunded'): number =>
  parts.reduce((total, part) => total + part[name], 0);

/** True while money may still move into it: an order with such a payment takes no second one. */
export const isLive = (state: PaymentState): boolean => state !== 'voided' && state !== 'expired';
