import fc from 'fast-check';
import { refreshOutcome, type RefreshState } from './refresh.ts';

const GRACE = 30;
const at = (seconds: number): Date => new Date(seconds * 1_000);

test.each([
  ['the good token, at any time', 5, 10_000, 'advance'],
  ['the one before it, a moment later', 4, 29, 'repeat'],
  ['the one before it, after the grace', 4, 30, 'reused'],
  ['one before that', 3, 0, 'reused'],
  ['one that was never given', 6, 0, 'reused'],
] as const)('%s', (_what, presented, seconds, outcome) => {
  expect(refreshOutcome({ generation: 5, advancedAt: at(0) }, presented, at(seconds), GRACE)).toBe(outcome);
});

test('without a grace no token works twice', () => {
  expect(refreshOutcome({ generation: 2, advancedAt: at(0) }, 1, at(0), 0)).toBe('reused');
});

const uses = fc.array(
  fc.record({ back: fc.integer({ min: 0, max: 4 }), after: fc.integer({ min: 0, max: 2 * GRACE }) }),
  { maxLength: 40 },
);

test('in any order of uses every token is exchanged for one successor only, and within the grace only; any other use ends the session', () => {
  fc.assert(
    fc.property(uses, (made) => {
      let state: RefreshState = { generation: 1, advancedAt: at(0) };
      let time = 0;
      const firstUse = new Map<number, number>();
      for (const { back, after } of made) {
        time += after;
        const presented = Math.max(1, state.generation - back);
        const outcome = refreshOutcome(state, presented, at(time), GRACE);
        const used = firstUse.get(presented);
        const successorUsed = firstUse.has(presented + 1);
        const mayRepeat = used !== undefined && time - used < GRACE && !successorUsed;
        expect(outcome).toBe(used === undefined ? 'advance' : mayRepeat ? 'repeat' : 'reused');
        if (outcome === 'reused') return;
        if (outcome === 'repeat') expect(state.generation).toBe(presented + 1);
        else {
          firstUse.set(presented, time);
          state = { generation: presented + 1, advancedAt: at(time) };
        }
      }
    }),
  );
});
