import { testStateMachine } from '../../chassis/testing/state-machine.ts';
import { holdStates } from './states.ts';

testStateMachine('a hold', holdStates, { initial: 'authorized', final: ['captured', 'voided', 'expired'] });
