import type { Progress } from './progress.ts';

const DEADLINE_MS = 9_500;

/** First SIGINT or SIGTERM: stops cleanly, in under 10 s, and ends with exit code 0. Second: ends at once. */
export const stopOnSignal = (stop: () => Promise<void>, progress: Progress): void => {
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(130);
    asked = true;
    progress.say('\nStopping …');
    const deadline = setTimeout(() => {
      console.error('Not everything stopped within 10 s; ending anyway. Nothing committed is lost.');
      process.exit(1);
    }, DEADLINE_MS);
    void stop().then(
      () => {
        clearTimeout(deadline);
        process.exit(0);
      },
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
};
