import { testStateMachine } from '../../chassis/testing/state-machine.ts';
import { deliveryStates, reservationStates, transferStates } from './states.ts';

// A committed reservation can still be returned, but it never leaves that state.
testStateMachine('a reservation', reservationStates, {
  initial: 'reserved',
  final: ['committed', 'released', 'expired'],
});
testStateMachine('a transfer', transferStates, { initial: 'in_transit', final: ['received', 'cancelled'] });
testStateMachine('a delivery', deliveryStates, { initial: 'open', final: ['received', 'cancelled'] });
