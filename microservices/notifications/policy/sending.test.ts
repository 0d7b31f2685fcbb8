import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { afterQuietHours, isQuiet, localeChain, retryAt } from './sending.ts';

describe('languages', () => {
  test('the nearest first, then the shop’s, then English', () => {
    expect(localeChain('pt-BR', 'de-AT')).toEqual(['pt-BR', 'pt', 'de-AT', 'de', 'en']);
    expect(localeChain('zh-Hant-TW', 'en')).toEqual(['zh-Hant-TW', 'zh-Hant', 'zh', 'en']);
    expect(localeChain('es-419', 'en')).toEqual(['es-419', 'es', 'en']);
    expect(localeChain('en', 'en')).toEqual(['en']);
  });
});

describe('quiet hours', () => {
  const night = { from: '21:00', until: '08:00' };
  const noon = { from: '12:00', until: '13:30' };

  test.each([
    ['2026-11-23T20:59:00Z', night, 'UTC', false],
    ['2026-11-23T21:00:00Z', night, 'UTC', true],
    ['2026-11-23T07:59:59Z', night, 'UTC', true],
    ['2026-11-23T08:00:00Z', night, 'UTC', false],
    ['2026-11-23T20:30:00Z', night, 'Europe/Berlin', true],
    ['2026-11-23T12:30:00Z', noon, 'UTC', true],
    ['2026-11-23T12:30:00Z', { from: '12:00', until: '12:00' }, 'UTC', false],
    ['2026-11-23T23:00:00Z', null, 'UTC', false],
  ])('%s is within %j in %s: %s', (at, quiet, timeZone, expected) => {
    expect(isQuiet(new Date(at), quiet, timeZone)).toBe(expected);
  });

  test.each([
    ['2026-11-23T22:00:30Z', night, 'UTC', '2026-11-24T08:00:00.000Z'],
    ['2026-11-23T22:00:00Z', night, 'Europe/Berlin', '2026-11-24T07:00:00.000Z'],
    ['2026-11-23T22:00:00Z', night, 'Asia/Kolkata', '2026-11-24T02:30:00.000Z'],
    ['2026-11-23T10:00:00Z', night, 'UTC', '2026-11-23T10:00:00.000Z'],
    // The night when Berlin's clocks go forward, and the one when they go back.
    ['2026-03-28T22:00:00Z', night, 'Europe/Berlin', '2026-03-29T06:00:00.000Z'],
    ['2026-10-24T22:00:00Z', night, 'Europe/Berlin', '2026-10-25T07:00:00.000Z'],
  ])('marketing written %s (quiet %j, %s) goes out at %s', (now, quiet, timeZone, expected) => {
    expect(afterQuietHours(new Date(now), quiet, timeZone).toISOString()).toBe(expected);
  });

  test('it never goes out within them, nor a day later than it could', () => {
    const clock = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('00', '15', '59'))
      .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${minute}`);
    const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
    const zone = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Chatham',
    );
    fc.assert(
      fc.property(moment, clock, clock, zone, (now, from, until, timeZone) => {
        const quiet = { from, until };
        const at = afterQuietHours(now, quiet, timeZone);
        expect(isQuiet(at, quiet, timeZone)).toBe(false);
        expect(at.getTime()).toBeGreaterThanOrEqual(now.getTime());
        expect(at.getTime() - now.getTime()).toBeLessThanOrEqual(26 * 3_600_000);
      }),
      { numRuns: 500 },
    );
  });
});

describe('trying again', () => {
  const now = new Date('2026-11-23T10:00:00Z');
  const pause = (attempts: number, random: number): number =>
    retryAt(attempts, now, 5_000, random).getTime() - now.getTime();

  test('pauses grow fourfold to an hour, half of each at random', () => {
    expect([1, 2, 3, 6, 50].map((attempts) => pause(attempts, 0))).toEqual([
      2_500, 10_000, 40_000, 1_800_000, 1_800_000,
    ]);
    expect(pause(1, 0.5)).toBe(3_750);
  });
});
