import type { z } from 'zod';
import type { allocationState } from '../contract/order.ts';

export type AllocationState = z.infer<typeof allocationState>;
export type ReservationState = 'reserved' | 'committed' | 'released' | 'expired' | 'failed';

/** The known facts about one reservation of an order; failed is an attempt that reserved nothing. */
export interface ReservationFacts {
  reservationId: string;
  state: ReservationState;
}

/** A reservation only moves from reserved to one of its ends, so facts may come twice and in any order. */
export const learnOfReservation = (known: ReservationFacts | undefined, fact: ReservationFacts): ReservationFacts =>
  known && known.state !== 'reserved' ? known : fact;

const BY_REACH: readonly [ReservationState, AllocationState][] = [
  ['committed', 'committed'],
  ['reserved', 'allocated'],
  ['expired', 'expired'],
  ['released', 'released'],
  ['failed', 'failed'],
];

/** The stock's sub-state: the furthest that any of the order's reservations got. */
export const allocationStateOf = (reservations: readonly ReservationFacts[]): AllocationState =>
  BY_REACH.find(([state]) => reservations.some((reservation) => reservation.state === state))?.[1] ?? 'none';
