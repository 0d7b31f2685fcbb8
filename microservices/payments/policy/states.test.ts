import fc from 'fast-check';
import { testStateMachine } from '../../chassis/testing/state-machine.ts';
import { isLive, partStates, paymentStateOf } from './states.ts';

testStateMachine('a part of a payment', partStates, { initial: 'pending', final: ['captured', 'voided', 'expired'] });

const state = fc.constantFrom(...(Object.keys(partStates) as (keyof typeof partStates)[]));
// A part is captured with the first money that was taken.
const part = fc
  .record({ state, captured: fc.integer({ min: 1, max: 100 }), refunded: fc.nat({ max: 100 }) })
  .map((one) => ({ ...one, captured: CAN_HAVE.has(one.state) ? one.captured : 0 }))
  .map((one) => ({ ...one, refunded: Math.min(one.refunded, one.captured) }));
const CAN_HAVE = new Set(['partially_captured', 'captured']);

test('a payment that took money stays live; one that ended without is not', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const payment = paymentStateOf(parts);
      const captured = parts.reduce((sum, one) => sum + one.captured, 0);
      if (captured > 0) expect(isLive(payment)).toBe(true);
      if (payment === 'voided' || payment === 'expired') expect(captured).toBe(0);
      if (payment === 'authorized') expect(parts.some((one) => one.state === 'authorized')).toBe(true);
    }),
  );
});
