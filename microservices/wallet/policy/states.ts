import { after, type StateTable } from '../../chassis/state-machine.ts';
import type { HoldState } from './book.ts';

export type HoldMove = 'capture_part' | 'capture_last' | 'void' | 'expire';

/**
 * A hold of which something was captured ends as captured, however its rest is released. Voiding a hold that is voided
 * or expired changes nothing. A refund is no move: it changes only how much of the captured money the merchant still
 * has.
 */
export const holdStates: StateTable<HoldState, HoldMove> = {
  authorized: { capture_part: 'partially_captured', capture_last: 'captured', void: 'voided', expire: 'expired' },
  partially_captured: {
    capture_part: 'partially_captured',
    capture_last: 'captured',
    void: 'captured',
    expire: 'captured',
  },
  captured: {},
  voided: { void: 'voided' },
  expired: { void: 'expired' },
};

export const isOpen = (state: HoldState): boolean => state === 'authorized' || state === 'partially_captured';

/** The operations that a hold in this state allows. */
export const allowedActions = (state: HoldState, refundable: number): string[] => [
  ...(after(holdStates, state, 'capture_last') ? ['capture'] : []),
  ...(after(holdStates, state, 'void') ? ['void'] : []),
  ...(refundable > 0 ? ['refund'] : []),
];
