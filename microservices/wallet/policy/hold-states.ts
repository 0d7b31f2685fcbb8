import type { HoldState } from './book.ts';

export type HoldMove = 'capture_part' | 'capture_last' | 'void' | 'expire';

/**
 * from → move → to. A hold that gave anything away ends as captured, however its rest is given up; giving up what is given up already changes
 * nothing. Refunds are not here: they change no state, only how much of the captured is still with the merchant.
 */
export const HOLD_MOVES: Record<HoldState, Partial<Record<HoldMove, HoldState>>> = {
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

/** What a person may do with a hold in this state, as they would say it. */
export const allowedActions = (state: HoldState, refundable: number): string[] => [
  ...(HOLD_MOVES[state].capture_last ? ['capture'] : []),
  ...(HOLD_MOVES[state].void ? ['void'] : []),
  ...(refundable > 0 ? ['refund'] : []),
];
