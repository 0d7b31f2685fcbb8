import fc from 'fast-check';
import { ACCOUNT_RULE, admit, CODE_RULE, PASSWORD_RULE, perHour, type ThrottleRule, type Tries } from './throttle.ts';

describe('tries', () => {
  const fresh: Tries = { attempts: 0, lastAt: 0, blockedUntil: null };
  const start = 1_000_000_000;

  /** Which of these moments (milliseconds from the first) are let through. */
  const admitted = (moments: readonly number[], rule: ThrottleRule = PASSWORD_RULE): number[] => {
    let tries = fresh;
    return moments.filter((moment) => {
      const decided = admit(rule, tries, start + moment);
      if (decided.admitted) tries = decided.tries;
      return decided.admitted;
    });
  };

  test('five are free, the sixth waits half a minute, the next a minute', () => {
    expect(admitted([0, 1, 2, 3, 4, 5, 30_003, 30_004, 30_005, 90_003, 90_005])).toEqual([
      0, 1, 2, 3, 4, 30_004, 90_005,
    ]);
  });

  test('a refusal says in whole seconds how long to wait, and waiting that long is enough', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 29_999 }), (after) => {
        const tries = { attempts: 5, lastAt: start, blockedUntil: start + 30_000 };
        const refused = admit(PASSWORD_RULE, tries, start + after);
        if (refused.admitted) throw new Error('was let through');
        expect(refused.retryAfterSeconds).toBeGreaterThanOrEqual(1);
        expect(admit(PASSWORD_RULE, tries, start + after + refused.retryAfterSeconds * 1000).admitted).toBe(true);
      }),
    );
  });

  test('however somebody tries, a day brings no more than a few dozen guesses', () => {
    const day = 24 * 60 * 60_000;
    expect(
      admitted(Array.from({ length: 24 * 60 * 6 }, (_, index) => index * 10_000).filter((at) => at < day)).length,
    ).toBeLessThan(40);
  });

  test('waits never exceed an hour, however often was tried', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (attempts) => {
        const decided = admit(PASSWORD_RULE, { attempts, lastAt: start, blockedUntil: null }, start + 1);
        if (!decided.admitted) throw new Error('was refused');
        expect((decided.tries.blockedUntil ?? 0) - start - 1).toBeLessThanOrEqual(60 * 60_000);
      }),
    );
  });

  test('after a day without a try everything is forgotten', () => {
    const decided = admit(PASSWORD_RULE, { attempts: 12, lastAt: start, blockedUntil: null }, start + 24 * 60 * 60_000);
    expect(decided).toMatchObject({ admitted: true, tries: { attempts: 1, blockedUntil: null } });
  });

  test('an address gets five codes an hour', () => {
    const everyMinute = Array.from({ length: 60 }, (_, minute) => minute * 60_000);
    expect(admitted(everyMinute, CODE_RULE)).toHaveLength(5);
  });

  test('a window never holds more than its rule allows, and opens again when it is over', () => {
    const hour = 60 * 60_000;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 5 * hour }), { minLength: 1, maxLength: 200 }),
        (most, moments) => {
          const sorted = moments.toSorted((a, b) => a - b);
          const through = admitted(sorted, perHour(most));
          expect(through[0]).toBe(sorted[0]);
          for (let first = 0; first + 2 * most < through.length; first += 1)
            expect((through[first + 2 * most] ?? 0) - (through[first] ?? 0)).toBeGreaterThanOrEqual(hour);
        },
      ),
    );
  });

  test('who keeps a window busy is not refused for longer than the window', () => {
    const everyMinute = Array.from({ length: 600 }, (_, minute) => minute * 60_000);
    expect(admitted(everyMinute, perHour(30))).toHaveLength(300);
  });

  test('guesses from everywhere at one account: fifty, then no more than a few dozen a day', () => {
    const everySecond = Array.from({ length: 24 * 60 * 60 }, (_, second) => second * 1_000);
    expect(admitted(everySecond, ACCOUNT_RULE).length).toBeLessThan(85);
  });
});
