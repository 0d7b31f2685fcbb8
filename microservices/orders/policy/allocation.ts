import type { z } from 'zod';
import type { allocationState } from '../contract/order.ts';

export type AllocationState = z.infer<typeof allocationState>;
export type ReservationState = 'reserved' | 'committed' | 'released' | 'expired' | 'failed' | 'returned';

/** The known facts about one reservation of an order; failed is an attempt that reserved nothing. */
export interface ReservationFacts {
  reservationId: string;
  state: ReservationState;
}

/** How far a reservation is on its way: from reserved to an end, or over committed to one. */
const STAGE: Record<ReservationState, number> = {
  reserved: 0,
  committed: 1,
  released: 2,
  returned: 2,
  expired: 2,
  failed: 2,
};

/** A reservation only moves on, so facts may come twice and in any order. */
export const learnOfReservation = (known: ReservationFacts | undefined, fact: ReservationFacts): ReservationFacts =>
  known && STAGE[known.state] >= STAGE[fact.state] ? known : fact;

const BY_REACH: readonly [ReservationState, AllocationState][] = [
  ['committed', 'committed'],
  ['reserved', 'allocated'],
  ['returned', 'returned'],
  ['expired', 'expired'],
  ['released', 'released'],
  ['failed', 'failed'],
];

/** The stock's sub-state: the furthest that any of the order's reservations got. */
export const allocationStateOf = (reservations: readonly ReservationFacts[]): AllocationState =>
  BY_REACH.find(([state]) => reservations.some((reservation) => reservation.state === state))?.[1] ?? 'none';
