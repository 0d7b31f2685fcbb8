/** No access token is valid for longer: settings refuse more, and ended sessions are remembered this long. */
export const MOST_TOKEN_MINUTES = 60;

const KEPT_MS = MOST_TOKEN_MINUTES * 60_000;

/** Sessions and API keys that ended before their time, by id, as far as this process has learned of them. */
export interface EndedCredentials {
  /** Learns of an end and when it was, in milliseconds; one that is older than any token is passed over. */
  add(id: string, at?: number): void;
  has(id: string): boolean;
}

/**
 * An empty list. What it learns is forgotten once no token of it can be valid any more, so that it stays as small as an
 * hour's ends.
 */
export const createEndedCredentials = (now: () => number = Date.now): EndedCredentials => {
  // In the order of learning, which is nearly that of the ends: the first one is among the oldest.
  const ends = new Map<string, number>();
  const forgetOld = (): void => {
    for (const [id, until] of ends) {
      if (until > now()) return;
      ends.delete(id);
    }
  };
  return {
    add: (id, at = now()) => {
      forgetOld();
      if (at + KEPT_MS > now() && !ends.has(id)) ends.set(id, at + KEPT_MS);
    },
    has: (id) => (ends.get(id) ?? 0) > now(),
  };
};
