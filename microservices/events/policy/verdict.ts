/** The result of posting an event to a receiver. */
export type PostResult =
  | { kind: 'responded'; status: number; retryAfter: string | undefined; body: string }
  /** No connection: refused, unknown host, wrong certificate. */
  | { kind: 'unreachable'; detail: string }
  /** Connected, but no response: reset, or none within the deadline. */
  | { kind: 'broken'; detail: string }
  | { kind: 'forbidden'; detail: string };

/** The consequence for the event and the subscription. */
export type Verdict =
  | { kind: 'delivered' }
  /** The receiver is away: all events wait, none goes to the dead letters. */
  | { kind: 'away'; status: number | null; detail: string; waitMs: number | undefined }
  /** The receiver wants no more events (410), or its address is not allowed. */
  | { kind: 'over'; because: 'gone' | 'address_not_allowed'; status: number | null; detail: string }
  /** This event failed; others may succeed. */
  | { kind: 'failed'; status: number | null; detail: string };

/**
 * Statuses that concern the address, not the event: a webhook that is not registered (404), a proxy whose n8n restarts
 * (502, 503, 504), a receiver that is overloaded (429). All events of a subscription go to one address, so giving up on
 * one of them would not help the next.
 */
const AWAY = new Set([404, 429, 502, 503, 504]);

const LONGEST_WAIT_MS = 3_600_000;

/** Judges the result of a post. `now` is in milliseconds since 1970, for a Retry-After that names a date. */
export const verdictOf = (result: PostResult, now: number): Verdict => {
  switch (result.kind) {
    case 'unreachable':
      return { kind: 'away', status: null, detail: result.detail, waitMs: undefined };
    case 'broken':
      return { kind: 'failed', status: null, detail: result.detail };
    case 'forbidden':
      return { kind: 'over', because: 'address_not_allowed', status: null, detail: result.detail };
    case 'responded':
      return verdictOnStatus(result, now);
  }
};

const verdictOnStatus = (
  { status, retryAfter, body }: Extract<PostResult, { kind: 'responded' }>,
  now: number,
): Verdict => {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const detail = `The receiver responded with ${status}${body ? `: ${body}` : ''}`;
  if (status === 410) return { kind: 'over', because: 'gone', status, detail };
  if (AWAY.has(status)) return { kind: 'away', status, detail, waitMs: retryAfterMs(retryAfter, now) };
  return { kind: 'failed', status, detail };
};

/**
 * A Retry-After in seconds or as an HTTP date, as milliseconds from now, an hour at most; undefined when there is none
 * to be understood.
 */
export const retryAfterMs = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined;
  const wait = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_WAIT_MS);
};

const LONGEST_PAUSE_MS = 60_000;

/**
 * The pause after the n-th failure: doubling from `firstMs` to a minute, half of it by chance (`random`, 0 to 1) so
 * that many do not come back at once.
 */
export const pauseAfter = (failures: number, firstMs: number, random: number): number => {
  const longest = Math.max(firstMs, LONGEST_PAUSE_MS);
  const full = Math.min(longest, firstMs * 2 ** Math.min(failures - 1, 30));
  return full / 2 + (random * full) / 2;
};
