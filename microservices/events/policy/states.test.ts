import { testStateMachine } from '../../chassis/testing/state-machine.ts';
import { deadLetterStates, subscriptionStates } from './states.ts';

testStateMachine('a subscription', subscriptionStates, { initial: 'active', final: [] });

testStateMachine('a dead letter', deadLetterStates, { initial: 'waiting', final: ['replayed', 'discarded'] });
