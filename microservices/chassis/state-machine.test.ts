import { after, illegalMove, requireMove, type StateTable } from './state-machine.ts';
import { testStateMachine } from './testing/state-machine.ts';

const door: StateTable<'open' | 'half_open' | 'walled_up', 'push' | 'wall_up'> = {
  open: { push: 'half_open', wall_up: 'walled_up' },
  half_open: { push: 'open' },
  walled_up: {},
};

testStateMachine('a door', door, { initial: 'open', final: ['walled_up'] });

test('a move leads to the state of the table, or nowhere', () => {
  expect(after(door, 'open', 'push')).toBe('half_open');
  expect(after(door, 'half_open', 'wall_up')).toBeUndefined();
});

test('an illegal move says in which state the thing is and what would be possible', () => {
  expect(illegalMove(door, { name: 'Door 1', state: 'half_open' }, 'wall_up')).toEqual([
    'Door 1 is half open, so "wall_up" is not possible. Possible now: push.',
    { state: 'half_open', allowed: ['push'] },
  ]);
  expect(illegalMove(door, { name: 'Door 1', state: 'walled_up' }, 'push')[0]).toBe(
    'Door 1 is walled up, so "push" is not possible. Nothing changes it any more.',
  );
});

test('a required move that is not allowed throws the failure of the operation', () => {
  const refuse = (detail: string, data: { state: string; allowed: string[] }) =>
    Object.assign(new Error(detail), { data });
  expect(requireMove(door, { name: 'Door 1', state: 'open' }, 'push', refuse)).toBe('half_open');
  expect(() => requireMove(door, { name: 'Door 1', state: 'half_open' }, 'wall_up', refuse)).toThrow(
    'Door 1 is half open, so "wall_up" is not possible.',
  );
});
