import { after, allowed } from '../../chassis/state-machine.ts';
import { testStateMachine } from '../../chassis/testing/state-machine.ts';
import type { State } from '../contract.ts';
import { isDone, notificationStates } from './states.ts';

testStateMachine('a notification', notificationStates, { initial: 'queued', final: ['read', 'cancelled'] });

test('a report that comes twice or late is done already', () => {
  expect([isDone('read', 'deliver'), isDone('delivered', 'send'), isDone('failed', 'fail')]).toEqual([
    true,
    true,
    true,
  ]);
  expect([isDone('queued', 'cancel'), isDone('failed', 'read')]).toEqual([false, false]);
});

test('a move that was made is done', () => {
  for (const state of Object.keys(notificationStates) as State[])
    for (const move of allowed(notificationStates, state))
      expect(isDone(after(notificationStates, state, move) ?? state, move)).toBe(true);
});
