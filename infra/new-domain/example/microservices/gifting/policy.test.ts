import fc from 'fast-check';
import { testStateMachine } from '../../../../../microservices/chassis/testing/state-machine.ts';
import { expiryOf, giftNoteStates } from './policy.ts';

testStateMachine('a gift note', giftNoteStates, { initial: 'draft', final: ['sent', 'expired'] });

const moment = fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
const days = fc.integer({ min: 1, max: 365 });

test('of two drafts the older one expires first, and each after it was created', () => {
  fc.assert(
    fc.property(moment, moment, days, (one, other, draftDays) => {
      const [older, newer] = one < other ? [one, other] : [other, one];
      expect(expiryOf(older, draftDays).getTime()).toBeLessThanOrEqual(expiryOf(newer, draftDays).getTime());
      expect(expiryOf(one, draftDays).getTime()).toBeGreaterThan(one.getTime());
    }),
  );
});
