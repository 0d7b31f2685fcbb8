import fc from 'fast-check';
import { orderState } from '../contract/order.ts';
import { isCalledOff, movesFrom, ORDER_MOVES, stateAfter, type OrderMove, type OrderState } from './states.ts';

const moves = [...new Set(ORDER_MOVES.map((row) => row.move))];
const BEFORE_FULFILMENT: OrderState[] = ['placed', 'under_review', 'approved', 'confirmed'];

const walk = (steps: readonly OrderMove[]): OrderState[] =>
  steps.reduce<OrderState[]>(
    (path, move) => [...path, stateAfter(path.at(-1) ?? 'placed', move) ?? path.at(-1) ?? 'placed'],
    ['placed'],
  );

describe('an order’s life', () => {
  test('every state can be reached, and every one but the ends can be left', () => {
    const reached = new Set<OrderState>(['placed', ...ORDER_MOVES.map((row) => row.to)]);
    expect([...reached].toSorted()).toEqual([...orderState.options].toSorted());
    expect(orderState.options.filter((state) => movesFrom(state).length === 0).toSorted()).toEqual([
      'cancelled',
      'closed',
      'rejected',
    ]);
  });

  test('one state and one move lead to one state', () => {
    expect(new Set(ORDER_MOVES.map((row) => `${row.from} ${row.move}`)).size).toBe(ORDER_MOVES.length);
  });

  test.each(['cancel', 'reject'] as const)('%s is possible from every state before fulfilment and no other', (move) => {
    expect(orderState.options.filter((state) => stateAfter(state, move)).toSorted()).toEqual(
      [...BEFORE_FULFILMENT].toSorted(),
    );
  });

  test('whatever is tried, an order that was called off or closed stays so, and nothing shipped is ever called off', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 40 }), (steps) => {
        const path = walk(steps);
        const end = path.findIndex((state) => isCalledOff(state) || state === 'closed');
        if (end >= 0) expect(new Set(path.slice(end)).size).toBe(1);
        const shipped = path.findIndex((state) => ['partially_fulfilled', 'fulfilled', 'delivered'].includes(state));
        if (shipped >= 0) expect(path.slice(shipped).some(isCalledOff)).toBe(false);
      }),
    );
  });

  test('nothing is confirmed that was not approved, nothing shipped that was not confirmed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 40 }), (steps) => {
        const path = walk(steps);
        const first = (state: OrderState) => path.indexOf(state);
        if (first('confirmed') >= 0) expect(path.slice(0, first('confirmed'))).toContain('approved');
        for (const state of ['partially_fulfilled', 'fulfilled'] as const) {
          if (first(state) >= 0) expect(path.slice(0, first(state))).toContain('confirmed');
        }
      }),
    );
  });
});
