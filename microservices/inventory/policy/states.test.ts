import fc from 'fast-check';
import type { ReservationState } from '../contract/shapes.ts';
import {
  allowedIn,
  deliveryStates,
  illegalMove,
  nextState,
  reservationStates,
  transferStates,
  type ReservationEvent,
} from './states.ts';

const events: ReservationEvent[] = ['commit', 'release', 'expire', 'extend', 'return'];

describe('states', () => {
  test('a reservation ends once: after its first end no event leads to another end', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 12 }), (run) => {
        const ends: string[] = [];
        let state: ReservationState = 'reserved';
        for (const event of run) {
          const next: ReservationState | undefined = nextState(reservationStates, state, event);
          if (next && next !== state) ends.push(next);
          state = next ?? state;
        }
        expect(ends.length).toBeLessThanOrEqual(1);
        expect(state).toBe(ends[0] ?? 'reserved');
      }),
    );
  });

  test.each([
    ['reserved', ['commit', 'release', 'expire', 'extend']],
    ['committed', ['return']],
    ['released', []],
    ['expired', []],
  ] as const)('a %s reservation allows %j', (state, allowed) => {
    expect(allowedIn(reservationStates, state)).toEqual(allowed);
  });

  test('transfers and deliveries end once', () => {
    for (const ended of ['received', 'cancelled'] as const) {
      expect(allowedIn(transferStates, ended)).toEqual([]);
      expect(allowedIn(deliveryStates, ended)).toEqual([]);
    }
  });

  test('an illegal move says where the thing stands and what would be possible', () => {
    expect(illegalMove(reservationStates, { name: 'Reservation res_1', state: 'committed' }, 'release')).toEqual([
      'Reservation res_1 is committed, so "release" is not possible. Possible now: return.',
      { state: 'committed', allowed: ['return'] },
    ]);
    expect(illegalMove(transferStates, { name: 'Transfer stf_1', state: 'received' }, 'cancel')[0]).toBe(
      'Transfer stf_1 is received, so "cancel" is not possible. Nothing changes it any more.',
    );
  });
});
