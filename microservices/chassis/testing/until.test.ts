import { describe, expect, test } from '@jest/globals';
import { until, untilWithin, WaitedInVain } from './until.ts';

describe('waiting until something holds', () => {
  test('returns the first value that fits', async () => {
    let asked = 0;
    expect(
      await until(
        'three',
        () => (asked += 1),
        (value) => value === 3,
      ),
    ).toBe(3);
    expect(await until(() => (asked += 1) > 4)).toBe(true);
    expect(asked).toBe(5);
  });

  test('fails after its limit, says what it waited for and what it saw last', async () => {
    const soon = untilWithin(30);
    const failure = await soon(
      'all are there',
      async () => 2,
      (count) => count === 3,
    ).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WaitedInVain);
    expect(failure).toMatchObject({
      last: 2,
      message: 'Within 0.03 s it did not happen: all are there. Last seen: 2',
    });
    await expect(soon(() => asNumber('4') === 5)).rejects.toThrow("asNumber('4') === 5. Last seen: false");
  });

  test('what throws ends the wait', async () => {
    await expect(until(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });
});

const asNumber = (text: string): number => Number(text);
