import { testStateMachine } from '../../chassis/testing/state-machine.ts';
import { customerStates } from './states.ts';

testStateMachine('a customer', customerStates, { initial: 'active', final: ['erased'] });
