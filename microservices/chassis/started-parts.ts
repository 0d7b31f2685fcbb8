/** What was started so far, so that all of it can be stopped, also when the next part fails to start. */
export interface StartedParts {
  /** Remembers how to stop a part; what it returns stops that part now. */
  add(stop: () => Promise<void>): () => Promise<void>;
  /** Stops every part, the last one first. Throws the first error, when all were tried. */
  stop(): Promise<void>;
}

/** Nothing is started yet. */
export const startedParts = (): StartedParts => {
  const parts: (() => Promise<void>)[] = [];
  return {
    add: (stop) => {
      let stopped: Promise<void> | undefined;
      const stopOnce = (): Promise<void> => (stopped ??= stop());
      parts.push(stopOnce);
      return stopOnce;
    },
    stop: async () => {
      const errors: unknown[] = [];
      for (const stop of parts.toReversed()) await stop().catch((error: unknown) => errors.push(error));
      if (errors.length > 0) throw errors[0];
    },
  };
};

/** Starts something of several parts. When one fails, those before it are stopped, and its error is thrown. */
export const startAll = async <T>(start: (started: StartedParts) => Promise<T>): Promise<T> => {
  const started = startedParts();
  try {
    return await start(started);
  } catch (error) {
    // Why it did not start says more than what went wrong in clearing up after it.
    await started.stop().catch(() => undefined);
    throw error;
  }
};
