import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds; the test's own time-out is the only limit. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await sleep(10);
};
