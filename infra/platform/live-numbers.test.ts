import { perMinute } from './live-numbers.ts';

test('a counter is told by the minute that has passed, and from the start as what it is', async () => {
  let at = 0;
  let total = 0;
  const rate = perMinute(
    async () => total,
    () => at,
  );
  total = 30;
  at = 10_000;
  expect(await rate()).toBe(30);
  at = 60_000;
  total = 90;
  expect(await rate()).toBe(90);
  at = 120_000;
  total = 100;
  expect(await rate()).toBe(10);
  at = 300_000;
  expect(await rate()).toBe(0);
});
