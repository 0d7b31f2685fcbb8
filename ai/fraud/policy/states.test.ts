import { testStateMachine } from '../../../microservices/chassis/testing/state-machine.ts';
import { possibleDecisions, reviewStates } from './states.ts';

testStateMachine('a review', reviewStates, { initial: 'open', final: ['approved', 'rejected', 'expired'] });

test('only an open review can be decided by a person', () => {
  expect(possibleDecisions('open')).toEqual(['approve', 'reject']);
  for (const state of ['approved', 'rejected', 'expired'] as const) expect(possibleDecisions(state)).toEqual([]);
});
