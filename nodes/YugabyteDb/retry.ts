import { sleepWithAbort } from 'n8n-workflow';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/** Serialization failure and deadlock: everything was undone, and another attempt may succeed. */
const mayPass = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && (error.code === '40001' || error.code === '40P01');

/**
 * Runs `work` again, with a growing pause of random length so that rivals do not meet again, while the database asks
 * for it; `attempts` times in all.
 */
export const retried = async <Answer>(
  attempts: number,
  signal: AbortSignal | undefined,
  work: () => Promise<Answer>,
): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error) || attempt >= attempts) throw error;
      await sleepWithAbort(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt), signal);
    }
  }
};
