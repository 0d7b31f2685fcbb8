import fc from 'fast-check';
import { after } from '../../chassis/state-machine.ts';
import { testStateMachine } from '../../chassis/testing/state-machine.ts';
import { orderState } from '../contract/order.ts';
import { isCalledOff, orderStates, type OrderMove, type OrderState } from './states.ts';

testStateMachine('an order', orderStates, { initial: 'placed', final: ['closed', 'cancelled', 'rejected'] });

const moves = [...new Set(Object.values(orderStates).flatMap((row) => Object.keys(row) as OrderMove[]))];
const BEFORE_FULFILMENT: OrderState[] = ['placed', 'under_review', 'approved', 'confirmed'];

const walk = (steps: readonly OrderMove[]): OrderState[] => {
  const path: OrderState[] = [];
  let state: OrderState = 'placed';
  for (const move of steps) {
    path.push(state);
    state = after(orderStates, state, move) ?? state;
  }
  return [...path, state];
};
const someSteps = fc.array(fc.constantFrom(...moves), { maxLength: 40 });

test.each(['cancel', 'reject'] as const)('%s is possible from every state before fulfilment and no other', (move) => {
  expect(orderState.options.filter((state) => after(orderStates, state, move)).toSorted()).toEqual(
    BEFORE_FULFILMENT.toSorted(),
  );
});

test('nothing shipped is ever called off', () => {
  fc.assert(
    fc.property(someSteps, (steps) => {
      const path = walk(steps);
      const shipped = path.findIndex((state) => ['partially_fulfilled', 'fulfilled', 'delivered'].includes(state));
      if (shipped >= 0) expect(path.slice(shipped).some(isCalledOff)).toBe(false);
    }),
  );
});

test('nothing is confirmed that was not approved, nothing shipped that was not confirmed', () => {
  fc.assert(
    fc.property(someSteps, (steps) => {
      const path = walk(steps);
      const before = (state: OrderState) => path.slice(0, Math.max(path.indexOf(state), 0));
      if (path.includes('confirmed')) expect(before('confirmed')).toContain('approved');
      for (const state of ['partially_fulfilled', 'fulfilled'] as const)
        if (path.includes(state)) expect(before(state)).toContain('confirmed');
    }),
  );
});
