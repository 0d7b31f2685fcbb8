/**
 * n8n's date picker gives wall-clock time in the workflow's time zone, an expression gives anything: the API takes UTC.
 */

/**
 * A moment as ISO 8601 in UTC, or undefined when the value is none. `zone` is the IANA zone that a time without one is
 * in.
 */
export const utcMoment = (value: unknown, zone: string): string | undefined => {
  if (typeof value === 'string') {
    const text = value.trim();
    if (/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$/.test(text)) return fromWallClock(text, zone);
    return iso(new Date(text));
  }
  if (typeof value === 'number') return iso(new Date(value));
  // Luxon's DateTime and Date both tell their milliseconds.
  if (typeof value === 'object' && value !== null) return iso(new Date(Number(value)));
  return undefined;
};

const iso = (date: Date): string | undefined => (Number.isNaN(date.getTime()) ? undefined : date.toISOString());

const fromWallClock = (text: string, zone: string): string | undefined => {
  const [day, clock = '00:00:00'] = text.split(/[T ]/);
  const asUtc = new Date(`${day}T${clock.length === 5 ? `${clock}:00` : clock}Z`);
  if (Number.isNaN(asUtc.getTime())) return undefined;
  // Twice, because the first guess may lie on the other side of a change of the clocks.
  const guess = asUtc.getTime() - offset(asUtc.getTime(), zone);
  return new Date(asUtc.getTime() - offset(guess, zone)).toISOString();
};

/** How far a zone's wall clock is ahead of UTC at a moment, in milliseconds. */
const offset = (at: number, zone: string): number => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value ?? 0);
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall - Math.floor(at / 1000) * 1000;
};
