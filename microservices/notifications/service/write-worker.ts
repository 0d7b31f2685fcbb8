import { parentPort } from 'node:worker_threads';
import { checkWords, writeWords, type Part, type Words, type Written } from './liquid.ts';
import type { TemplateData } from '../contract.ts';

/** A template to fill in; without values it is only checked. */
export interface WriteJob {
  words: Words;
  scope: TemplateData | undefined;
}

/** From the worker: that it has started, the part it is working on, and the result of a job. */
export type WorkerMessage = { kind: 'ready' } | { kind: 'part'; part: Part } | { kind: 'written'; written: Written };

const say = (message: WorkerMessage): void => parentPort?.postMessage(message);

const written = ({ words, scope }: WriteJob): Written => {
  const onPart = (part: Part): void => say({ kind: 'part', part });
  const fault = checkWords(words, onPart);
  if (fault) return { ok: false, fault };
  return scope === undefined ? { ok: true, words } : writeWords(words, scope, onPart);
};

parentPort?.on('message', (job: WriteJob) => say({ kind: 'written', written: written(job) }));
say({ kind: 'ready' });
