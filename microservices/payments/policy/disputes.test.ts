import { testStateMachine } from '../../chassis/testing/state-machine.ts';
import { disputeStates, stateAfterNews } from './disputes.ts';

testStateMachine('a dispute', disputeStates, { initial: 'needs_response', final: ['won', 'lost'] });

test('older news of a dispute changes nothing', () => {
  expect(stateAfterNews('won', 'needs_response')).toBe('won');
  expect(stateAfterNews('lost', 'under_review')).toBe('lost');
  expect(stateAfterNews('under_review', 'lost')).toBe('lost');
});
