import fc from 'fast-check';
import { createEndedCredentials, MOST_TOKEN_MINUTES } from './ended-credentials.ts';

const LIFE_MS = MOST_TOKEN_MINUTES * 60_000;

test('an end is known for as long as a token could live, and not longer', () => {
  let time = 1_000_000;
  const ended = createEndedCredentials(() => time);
  ended.add('ses_1');
  time += LIFE_MS - 1;
  expect(ended.has('ses_1')).toBe(true);
  time += 1;
  expect(ended.has('ses_1')).toBe(false);
  expect(ended.has('ses_2')).toBe(false);
});

test('an end that is learned late counts from when it was, learned again it stays, and one older than any token is passed over', () => {
  let time = LIFE_MS * 2;
  const ended = createEndedCredentials(() => time);
  ended.add('ses_late', time - LIFE_MS + 10);
  ended.add('ses_late');
  ended.add('ses_old', time - LIFE_MS);
  expect([ended.has('ses_late'), ended.has('ses_old')]).toEqual([true, false]);
  time += 10;
  expect(ended.has('ses_late')).toBe(false);
});

test('in any order of ends and times it knows exactly those that ended less than a token’s life ago', () => {
  const steps = fc.array(
    fc.record({ id: fc.integer({ min: 0, max: 20 }), after: fc.integer({ min: 0, max: LIFE_MS }) }),
  );
  fc.assert(
    fc.property(steps, (made) => {
      let time = LIFE_MS * 2;
      const ended = createEndedCredentials(() => time);
      const firsts = new Map<string, number>();
      for (const { id, after } of made) {
        time += after;
        const name = `ses_${id}`;
        if ((firsts.get(name) ?? 0) + LIFE_MS <= time) firsts.set(name, time);
        ended.add(name);
        for (const [known, at] of firsts) expect(ended.has(known)).toBe(at + LIFE_MS > time);
      }
    }),
  );
});
