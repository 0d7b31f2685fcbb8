/** Makes deliveries wait while a receiver is away, and lets one through now and then to test it. */
export interface Breaker {
  /** Waits for a pass; undefined when aborted. Every pass must be given back by one of the three below. */
  pass(signal: AbortSignal): Promise<Pass | undefined>;
  /** The receiver responded, well or not. */
  back(pass: Pass): void;
  /** The receiver is away. Returns how often in a row it was. */
  away(pass: Pass, waitMs: number | undefined): number;
  /** The attempt was cut short: its result is unknown. */
  unused(pass: Pass): void;
}

/** How often the receiver had been away when the attempt began: results of earlier attempts are ignored. */
export type Pass = number;

export interface BreakerOptions {
  /** The pause before the n-th probe. */
  pause: (probes: number) => number;
  now: () => number;
}

/** A breaker that is closed: everything passes. */
export const createBreaker = ({ pause, now }: BreakerOptions): Breaker => {
  let found = 0;
  let nextProbeAt = 0;
  let probing = false;
  const waiting = new Set<() => void>();
  const wakeAll = (): void => {
    for (const wake of [...waiting]) wake();
  };

  const change = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wait = probing ? undefined : setTimeout(() => wake(), Math.max(0, nextProbeAt - now()));
      const wake = (): void => {
        clearTimeout(wait);
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });

  return {
    pass: async (signal) => {
      while (!signal.aborted) {
        if (found === 0) return 0;
        if (!probing && now() >= nextProbeAt) {
          probing = true;
          return found;
        }
        await change(signal);
      }
      return undefined;
    },
    back: (pass) => {
      if (pass !== found) return;
      found = 0;
      probing = false;
      wakeAll();
    },
    away: (pass, waitMs) => {
      if (pass !== found) return found;
      found += 1;
      probing = false;
      nextProbeAt = now() + (waitMs ?? pause(found));
      wakeAll();
      return found;
    },
    unused: (pass) => {
      if (pass !== found) return;
      probing = false;
      wakeAll();
    },
  };
};
