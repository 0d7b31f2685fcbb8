import type { SubscriptionState } from '../contract/values.ts';

export type SubscriptionMove = 'pause' | 'resume' | 'fail' | 'recover';

/** Every move there is: from → move → to. What is not here is refused. */
const TRANSITIONS: Record<SubscriptionState, Partial<Record<SubscriptionMove, SubscriptionState>>> = {
  active: { pause: 'paused', fail: 'failing' },
  failing: { pause: 'paused', recover: 'active' },
  paused: { resume: 'active' },
};

/** Where a move leads; undefined when it is not possible. */
export const moved = (state: SubscriptionState, move: SubscriptionMove): SubscriptionState | undefined =>
  TRANSITIONS[state][move];

/** What is possible in a state, for the answer to what is not. */
export const allowedMoves = (state: SubscriptionState): string[] => Object.keys(TRANSITIONS[state]).toSorted();
