import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadWork } from './run-in-thread.ts';

const { module, name, input } = workerData as ThreadWork;
const exported: unknown = ((await import(module)) as Readonly<Record<string, unknown>>)[name];
if (typeof exported !== 'function') throw new Error(`${module} exports no function "${name}" to run in a thread.`);
const run = exported as (input: unknown) => unknown;
const output: unknown = await run(input);
parentPort?.postMessage({ output });
