import { Worker } from 'node:worker_threads';

/** Work for a thread: a function that a module exports, and its input. */
export interface ThreadWork {
  module: string;
  name: string;
  input: unknown;
}

/** Memory of a thread's objects; typed arrays lie beside it. */
const MEMORY_MB = 1_024;

/**
 * Runs a module's function in a thread of its own, so that training never stalls the event loop of a service. Input and
 * output are copied: plain data and typed arrays. Rejects with the function's error, or when the thread ends without a
 * result, for example for lack of memory; `signal` ends it early.
 */
export const runInThread = async <Input, Output>(
  module: URL,
  name: string,
  input: Input,
  { memoryMb = MEMORY_MB, signal }: { memoryMb?: number; signal?: AbortSignal } = {},
): Promise<Output> => {
  signal?.throwIfAborted();
  const work: ThreadWork = { module: module.href, name, input };
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  try {
    return await resultOf<Output>(worker, signal);
  } finally {
    await worker.terminate();
  }
};

const resultOf = <Output>(worker: Worker, signal: AbortSignal | undefined): Promise<Output> =>
  new Promise((resolve, reject) => {
    worker.once('message', ({ output }: { output: Output }) => resolve(output));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The thread ended with code ${code} and without a result.`)));
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
