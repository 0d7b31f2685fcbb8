import type { z } from 'zod';
import type { paymentState } from '../contract/order.ts';

export type PaymentState = z.infer<typeof paymentState>;
export type HoldState = 'authorized' | 'partially_captured' | 'captured' | 'voided' | 'expired';

/** The known facts about one payment of an order, in minor units. */
export interface HoldFacts {
  holdId: string;
  state: HoldState;
  authorized: number;
  captured: number;
}

/** What a payment (through payments) is to an order: one that is refunded was captured. */
export const factsOfPayment = (payment: {
  id: string;
  state: string;
  authorized: { amount: number };
  captured: { amount: number };
}): HoldFacts => ({
  holdId: payment.id,
  state: STATE_OF_PAYMENT[payment.state] ?? 'authorized',
  authorized: payment.authorized.amount,
  captured: payment.captured.amount,
});

const STATE_OF_PAYMENT: Readonly<Record<string, HoldState>> = {
  partially_captured: 'partially_captured',
  captured: 'captured',
  partially_refunded: 'captured',
  refunded: 'captured',
  voided: 'voided',
  expired: 'expired',
};

/** Cash is kept as a payment like others, under this instead of a hold's id. */
export const CASH = 'cash';

const RANK: Record<HoldState, number> = { authorized: 0, partially_captured: 1, captured: 2, voided: 2, expired: 2 };

/**
 * The known facts about a hold after one more. Amounts are totals and only grow, states only move forward, so that
 * facts may come twice and in any order.
 */
export const learnOfHold = (known: HoldFacts | undefined, fact: HoldFacts): HoldFacts => {
  if (!known) return { ...fact, authorized: Math.max(fact.authorized, fact.captured) };
  const captured = Math.max(known.captured, fact.captured);
  return {
    holdId: known.holdId,
    state: RANK[fact.state] > RANK[known.state] ? fact.state : known.state,
    authorized: Math.max(known.authorized, fact.authorized, captured),
    captured,
  };
};

const isOpenOrTaken = (hold: HoldFacts): boolean =>
  hold.captured > 0 || (hold.state !== 'voided' && hold.state !== 'expired');

/** Money held or captured for an order, and money captured. */
export const paymentSums = (holds: readonly HoldFacts[]): { authorized: number; captured: number } => ({
  authorized: holds.filter(isOpenOrTaken).reduce((sum, hold) => sum + hold.authorized, 0),
  captured: holds.reduce((sum, hold) => sum + hold.captured, 0),
});

export interface PaymentFacts {
  method: 'wallet' | 'cash_on_delivery' | 'card';
  /** The grand total less the cost of cancelled units. */
  payable: number;
  authorized: number;
  captured: number;
  refunded: number;
  /** The last attempt to hold money was refused. */
  failed: boolean;
  /** The order ended, or all its holds did, before money was captured. */
  givenUp: boolean;
}

/** The payment's sub-state, from the amounts alone, so that it can never disagree with them. */
export const paymentStateOf = (facts: PaymentFacts): PaymentState => {
  if (facts.refunded > 0) return facts.refunded >= facts.captured ? 'refunded' : 'partially_refunded';
  if (facts.captured >= facts.payable) return 'paid';
  if (facts.captured > 0) return 'partially_paid';
  if (facts.authorized > 0) return 'authorized';
  if (facts.givenUp) return 'voided';
  if (facts.failed) return 'failed';
  return facts.method === 'cash_on_delivery' ? 'due_on_delivery' : 'pending';
};
