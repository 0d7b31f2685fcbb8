import { testStateMachine } from '../../chassis/testing/state-machine.ts';
import { deliveryStates, reservationStates, transferStates } from './states.ts';

testStateMachine('a reservation', reservationStates, {
  initial: 'reserved',
  final: ['released', 'returned', 'expired'],
});
testStateMachine('a transfer', transferStates, { initial: 'in_transit', final: ['received', 'cancelled'] });
testStateMachine('a delivery', deliveryStates, { initial: 'open', final: ['received', 'cancelled'] });
