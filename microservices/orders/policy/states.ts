import type { z } from 'zod';
import type { StateTable } from '../../chassis/state-machine.ts';
import type { orderState } from '../contract/order.ts';

export type OrderState = z.infer<typeof orderState>;
export type OrderMove =
  | 'approve'
  | 'hold_for_review'
  | 'reject'
  | 'cancel'
  | 'confirm'
  | 'ship_part'
  | 'ship_rest'
  | 'cancel_rest'
  | 'deliver'
  | 'close';

const callOff = { reject: 'rejected', cancel: 'cancelled' } as const;
const ship = { ship_part: 'partially_fulfilled', ship_rest: 'fulfilled' } as const;

export const orderStates: StateTable<OrderState, OrderMove> = {
  placed: { approve: 'approved', hold_for_review: 'under_review', ...callOff },
  under_review: { approve: 'approved', ...callOff },
  approved: { hold_for_review: 'under_review', confirm: 'confirmed', ...callOff },
  confirmed: { ...ship, ...callOff },
  partially_fulfilled: { ...ship, cancel_rest: 'fulfilled', close: 'closed' },
  fulfilled: { deliver: 'delivered', close: 'closed' },
  delivered: { close: 'closed' },
  closed: {},
  cancelled: {},
  rejected: {},
};

/** Ended before anything was shipped: stock and money go back. */
export const isCalledOff = (state: OrderState): boolean => state === 'cancelled' || state === 'rejected';
