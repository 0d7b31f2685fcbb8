import { describe, expect, test } from '@jest/globals';
import { createBreaker } from './breaker.ts';

const never = new AbortController().signal;
const setUp = () => {
  const clock = { now: 0 };
  const breaker = createBreaker({ pause: () => 10_000, now: () => clock.now });
  return { breaker, clock };
};
const isWaiting = async (promise: Promise<unknown>): Promise<boolean> => {
  const pending = Symbol('pending');
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) === pending;
};

describe('the breaker before a receiver', () => {
  test('lets everything pass while the receiver responds', async () => {
    const { breaker } = setUp();
    expect(await breaker.pass(never)).toBe(0);
    expect(await breaker.pass(never)).toBe(0);
  });

  test('many that fail together count as one', async () => {
    const { breaker } = setUp();
    expect(breaker.away(0, 0)).toBe(1);
    expect(breaker.away(0, 0)).toBe(1);
    const probe = await breaker.pass(never);
    expect(probe).toBe(1);
    expect(breaker.away(1, 0)).toBe(2);
  });

  test('one probes while the others wait; when it is back all go', async () => {
    const { breaker } = setUp();
    breaker.away(0, 0);
    expect(await breaker.pass(never)).toBe(1);
    const other = breaker.pass(never);
    expect(await isWaiting(other)).toBe(true);
    breaker.back(1);
    expect(await other).toBe(0);
  });

  test('a late success from before the outage does not end it', async () => {
    const { breaker } = setUp();
    breaker.away(0, undefined);
    breaker.back(0);
    const abort = new AbortController();
    const waiting = breaker.pass(abort.signal);
    expect(await isWaiting(waiting)).toBe(true);
    abort.abort();
    expect(await waiting).toBeUndefined();
  });

  test('a probe that was cut short leaves its turn to another', async () => {
    const { breaker } = setUp();
    breaker.away(0, 0);
    const probe = await breaker.pass(never);
    const next = breaker.pass(never);
    breaker.unused(probe ?? -1);
    expect(await next).toBe(1);
  });
});
