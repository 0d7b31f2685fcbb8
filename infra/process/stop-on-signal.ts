import type { Progress } from './progress.ts';

const DEADLINE_MS = 9_500;

/** First SIGINT or SIGTERM: stops cleanly, before the deadline, and ends with exit code 0. Second: ends at once. */
export const stopOnSignal = (stop: () => Promise<void>, progress: Progress, deadlineMs = DEADLINE_MS): void => {
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(130);
    asked = true;
    progress.say('\nStopping …');
    const deadline = setTimeout(() => {
      const seconds = Math.round(deadlineMs / 1_000);
      console.error(`Not everything stopped within ${seconds} s; ending anyway. Nothing committed is lost.`);
      process.exit(1);
    }, deadlineMs);
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
