import { testStateMachine } from '../../chassis/testing/state-machine.ts';
import { subscriptionStates } from './states.ts';

testStateMachine('a subscription', subscriptionStates, { initial: 'active', final: [] });
