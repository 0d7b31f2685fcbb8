export interface WatchdogOptions {
  /** How long no sign of the broker may come before it is asked. */
  silenceMs: number;
  checkEveryMs: number;
  now: () => number;
  /** Asks the broker on a connection of its own: throws when it does not answer. */
  probe: () => Promise<void>;
  /** The broker is away: said once per outage. Reading goes on by itself when it is back. */
  onAway: (error: unknown, silentMs: number) => void;
  onBack: () => void;
  /** The broker answers and reading has stopped all the same. */
  onSilent: (silentMs: number) => void;
}

export interface Watchdog {
  sign: () => void;
  stop: () => void;
}

/**
 * Watches that the broker is heard: fetches, heartbeats and joins are signs. Silence while the broker is away is an
 * outage and ends by itself; silence while it answers means that reading has stopped, which is what must never go
 * unnoticed.
 */
export const startWatchdog = (options: WatchdogOptions): Watchdog => {
  let last = options.now();
  let isAway = false;
  let checking = false;
  const check = async (): Promise<void> => {
    const silentMs = options.now() - last;
    if (silentMs < options.silenceMs || checking) return;
    checking = true;
    try {
      await options.probe();
      // The client may have come back while the question was on its way; give it as long again.
      if (isAway) {
        last = options.now();
        isAway = false;
        options.onBack();
      } else if (options.now() - last >= options.silenceMs) options.onSilent(options.now() - last);
    } catch (error) {
      if (!isAway) options.onAway(error, silentMs);
      isAway = true;
    } finally {
      checking = false;
    }
  };
  const timer = setInterval(() => void check(), options.checkEveryMs);
  return {
    sign: () => {
      last = options.now();
      if (isAway) options.onBack();
      isAway = false;
    },
    stop: () => clearInterval(timer),
  };
};
