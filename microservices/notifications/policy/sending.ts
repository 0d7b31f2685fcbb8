import type { QuietHours } from '../contract.ts';

/** The languages to look for a template in, nearest first: pt-BR, pt, then the shop's, then English. */
export const localeChain = (wanted: string, shop: string): string[] => [
  ...new Set([wanted, shop, 'en'].flatMap((locale) => [locale, withoutRegion(locale), languageOf(locale)])),
];

const withoutRegion = (locale: string): string => locale.replace(/-([A-Z]{2}|[0-9]{3})$/, '');
const languageOf = (locale: string): string => locale.split('-')[0] ?? locale;

const MINUTES_A_DAY = 1_440;
const HALF_A_DAY = MINUTES_A_DAY / 2;
const MINUTE_MS = 60_000;

const minutesOf = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
};

const localMinutes = (at: Date, timeZone: string): number =>
  minutesOf(
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at),
  );

const within = (minutes: number, { from, until }: QuietHours): boolean => {
  const [start, end] = [minutesOf(from), minutesOf(until)];
  return start <= end ? minutes >= start && minutes < end : minutes >= start || minutes < end;
};

/** True while marketing has to wait in this time zone. Equal ends mean no quiet hours. */
export const isQuiet = (at: Date, quiet: QuietHours | null, timeZone: string): boolean =>
  quiet !== null && quiet.from !== quiet.until && within(localMinutes(at, timeZone), quiet);

/** The moment from which marketing may be sent: now, or when the quiet hours end on the local clock. */
export const afterQuietHours = (now: Date, quiet: QuietHours | null, timeZone: string): Date => {
  if (quiet === null || !isQuiet(now, quiet, timeZone)) return now;
  const until = minutesOf(quiet.until);
  const wait = (until - localMinutes(now, timeZone) + MINUTES_A_DAY) % MINUTES_A_DAY;
  const straight = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS + wait * MINUTE_MS);
  // The clocks may have been changed in between: then the local clock there shows an hour more or less.
  const off = ((until - localMinutes(straight, timeZone) + MINUTES_A_DAY + HALF_A_DAY) % MINUTES_A_DAY) - HALF_A_DAY;
  const corrected = new Date(straight.getTime() + off * MINUTE_MS);
  return isQuiet(corrected, quiet, timeZone) || corrected < now ? straight : corrected;
};

const MAX_PAUSE_MS = 3_600_000;

/**
 * When to try again after the given number of failed attempts: the pause grows fourfold to an hour at most, half of it
 * at random, so that what failed together does not come back together. `random` is in [0, 1).
 */
export const retryAt = (attempts: number, now: Date, firstPauseMs: number, random: number): Date => {
  const pause = Math.min(MAX_PAUSE_MS, firstPauseMs * 4 ** Math.min(attempts - 1, 20));
  return new Date(now.getTime() + pause * (0.5 + random / 2));
};
