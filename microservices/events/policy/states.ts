import type { StateTable } from '../../chassis/state-machine.ts';
import type { DeadLetterState } from '../contract/dead-letters.ts';
import type { SubscriptionState } from '../contract/values.ts';

export type SubscriptionMove = 'pause' | 'resume' | 'fail' | 'recover';

export const subscriptionStates: StateTable<SubscriptionState, SubscriptionMove> = {
  active: { pause: 'paused', fail: 'failing' },
  failing: { pause: 'paused', recover: 'active' },
  paused: { resume: 'active' },
};

export type DeadLetterMove = 'replay' | 'discard';

export const deadLetterStates: StateTable<DeadLetterState, DeadLetterMove> = {
  waiting: { replay: 'replayed', discard: 'discarded' },
  replayed: {},
  discarded: {},
};
