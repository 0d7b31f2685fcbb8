import type { StateTable } from '../../chassis/state-machine.ts';
import type { SubscriptionState } from '../contract/values.ts';

export type SubscriptionMove = 'pause' | 'resume' | 'fail' | 'recover';

export const subscriptionStates: StateTable<SubscriptionState, SubscriptionMove> = {
  active: { pause: 'paused', fail: 'failing' },
  failing: { pause: 'paused', recover: 'active' },
  paused: { resume: 'active' },
};
