import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds; the test's own time-out is the only limit. A wait in vain keeps no process from ending. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await sleep(10, undefined, { ref: false });
};
