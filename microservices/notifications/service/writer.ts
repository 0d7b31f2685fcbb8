import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Part, Written } from './liquid.ts';
import type { WorkerMessage, WriteJob } from './write-worker.ts';

/** Fills templates in beside the event loop: whoever writes a template may make it run for long. */
export interface Writer {
  /**
   * The filled-in template, or what is wrong with it, and how long it took; too long or too much memory is a fault too.
   */
  write(job: WriteJob): Promise<{ written: Written; ms: number }>;
  close(): Promise<void>;
}

const MEMORY_MB = 64;

/**
 * Writes one template after the other in a thread that is started when it is first needed, and ended when a template
 * exceeds the deadline.
 */
export const createWriter = (deadlineMs: number): Writer => {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const end = async (): Promise<void> => {
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  };
  const run = async (job: WriteJob): Promise<Written> => {
    worker ??= await startWorker();
    const written = await resultOf(worker, job, deadlineMs);
    if (written) return written;
    const part = partOf(worker) ?? 'subject';
    await end();
    const message = `it takes longer than ${deadlineMs} ms or too much memory to write`;
    return { ok: false, fault: { part, message } };
  };
  return {
    write: (job) => {
      const turn = last.then(() => timed(() => run(job)));
      last = turn.catch(() => undefined);
      return turn;
    },
    close: async () => {
      await last;
      await end();
    },
  };
};

const timed = async (work: () => Promise<Written>): Promise<{ written: Written; ms: number }> => {
  const started = performance.now();
  const written = await work();
  return { written, ms: performance.now() - started };
};

const parts = new WeakMap<Worker, Part>();
const partOf = (worker: Worker): Part | undefined => parts.get(worker);

const startWorker = async (): Promise<Worker> => {
  const worker = new Worker(new URL('./write-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  // An idle thread keeps no process alive.
  worker.unref();
  await once(worker, 'message');
  worker.on('error', () => undefined);
  return worker;
};

/** Undefined when the thread does not return in time, or ends. */
const resultOf = (worker: Worker, job: WriteJob, deadlineMs: number): Promise<Written | undefined> =>
  new Promise((resolve) => {
    const finish = (written: Written | undefined): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('exit', onExit);
      resolve(written);
    };
    const onMessage = (message: WorkerMessage): void => {
      if (message.kind === 'part') parts.set(worker, message.part);
      if (message.kind === 'written') finish(message.written);
    };
    const onExit = (): void => finish(undefined);
    const timer = setTimeout(onExit, deadlineMs);
    worker.on('message', onMessage).on('exit', onExit);
    worker.postMessage(job);
  });
