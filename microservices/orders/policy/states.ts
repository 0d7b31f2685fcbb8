import type { z } from 'zod';
import type { orderState } from '../contract/order.ts';

export type OrderState = z.infer<typeof orderState>;
export type OrderMove =
  'approve' | 'hold_for_review' | 'reject' | 'cancel' | 'confirm' | 'ship_part' | 'ship_rest' | 'deliver' | 'close';

/** An order's life: from → move → to. What is not here does not happen. */
export const ORDER_MOVES: readonly { from: OrderState; move: OrderMove; to: OrderState }[] = [
  { from: 'placed', move: 'approve', to: 'approved' },
  { from: 'placed', move: 'hold_for_review', to: 'under_review' },
  { from: 'placed', move: 'reject', to: 'rejected' },
  { from: 'placed', move: 'cancel', to: 'cancelled' },
  { from: 'under_review', move: 'approve', to: 'approved' },
  { from: 'under_review', move: 'reject', to: 'rejected' },
  { from: 'under_review', move: 'cancel', to: 'cancelled' },
  { from: 'approved', move: 'hold_for_review', to: 'under_review' },
  { from: 'approved', move: 'confirm', to: 'confirmed' },
  { from: 'approved', move: 'reject', to: 'rejected' },
  { from: 'approved', move: 'cancel', to: 'cancelled' },
  { from: 'confirmed', move: 'ship_part', to: 'partially_fulfilled' },
  { from: 'confirmed', move: 'ship_rest', to: 'fulfilled' },
  { from: 'confirmed', move: 'reject', to: 'rejected' },
  { from: 'confirmed', move: 'cancel', to: 'cancelled' },
  { from: 'partially_fulfilled', move: 'ship_part', to: 'partially_fulfilled' },
  { from: 'partially_fulfilled', move: 'ship_rest', to: 'fulfilled' },
  { from: 'partially_fulfilled', move: 'close', to: 'closed' },
  { from: 'fulfilled', move: 'deliver', to: 'delivered' },
  { from: 'fulfilled', move: 'close', to: 'closed' },
  { from: 'delivered', move: 'close', to: 'closed' },
];

/** Where a move leads from a state; undefined when it is not possible there. */
export const stateAfter = (state: OrderState, move: OrderMove): OrderState | undefined =>
  ORDER_MOVES.find((row) => row.from === state && row.move === move)?.to;

/** What is possible in a state. */
export const movesFrom = (state: OrderState): OrderMove[] =>
  ORDER_MOVES.filter((row) => row.from === state).map((row) => row.move);

/** Ended before anything was shipped: stock and money go back. */
export const isCalledOff = (state: OrderState): boolean => state === 'cancelled' || state === 'rejected';
