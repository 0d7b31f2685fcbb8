import fc from 'fast-check';
import { after, allowed, illegalMove, type StateTable } from '../state-machine.ts';

/** Tests what holds for every state machine; `final` are the states that no move leaves. */
export const testStateMachine = <State extends string, Move extends string>(
  name: string,
  table: StateTable<State, Move>,
  { initial, final }: { initial: State; final: readonly State[] },
): void => {
  const states = Object.keys(table) as State[];
  const moves = [...new Set(states.flatMap((state) => allowed(table, state)))];

  describe(name, () => {
    test('reaches every state from its first', () => {
      const reached = new Set([initial]);
      for (const state of reached)
        for (const move of allowed(table, state)) reached.add(after(table, state, move) ?? state);
      expect([...reached].toSorted()).toEqual(states.toSorted());
    });

    test('leaves every state but the final ones', () => {
      const stays = (state: State): boolean =>
        allowed(table, state).every((move) => after(table, state, move) === state);
      expect(states.filter(stays).toSorted()).toEqual([...final].toSorted());
    });

    test('names states and moves in lower case, words joined by underscores', () => {
      expect([...states, ...moves].filter((word) => !/^[a-z]+(_[a-z]+)*$/.test(word))).toEqual([]);
    });

    test('refuses every other move, and says in which state it is and what is possible there', () => {
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 30 }), (run) => {
          let state = initial;
          for (const move of run) {
            const next = after(table, state, move);
            expect(next !== undefined).toBe(allowed(table, state).includes(move));
            if (next === undefined) expectRefusal(table, state, move);
            else expect(states).toContain(next);
            state = next ?? state;
          }
        }),
      );
    });
  });
};

const expectRefusal = <State extends string, Move extends string>(
  table: StateTable<State, Move>,
  state: State,
  move: Move,
): void => {
  const [detail, data] = illegalMove(table, { name: 'Thing thi_1', state }, move);
  expect(data).toEqual({ state, allowed: allowed(table, state) });
  expect(detail).toContain(`Thing thi_1 is ${state.replaceAll('_', ' ')}`);
  for (const possible of data.allowed) expect(detail).toContain(possible);
};
