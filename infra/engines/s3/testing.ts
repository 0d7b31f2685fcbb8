import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentProgress } from '../../process/progress.ts';
import type { Engine, RunningEngine } from '../engine.ts';
import { s3, versitygw } from './index.ts';

const named = (name: string): Engine => {
  const found = [s3, versitygw].find((engine) => engine.name === name.trim());
  if (!found) throw new Error(`TEST_S3_SERVERS names "${name}"; it may name s3 (MinIO) and versitygw, with a comma.`);
  return found;
};

/**
 * The servers that S3 tests run on: both, or those that TEST_S3_SERVERS names ("versitygw" where the ten minutes that
 * MinIO takes to build are too long).
 */
export const testedServers: readonly Engine[] = (process.env['TEST_S3_SERVERS'] ?? 's3,versitygw')
  .split(',')
  .map(named);

export interface TestServer {
  /** With its keys and its bucket. */
  url: string;
  port: number;
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Again, on the same data and the same port. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** An S3 server on a folder of its own, which `remove` takes away. */
export const startTestServer = async (engine: Engine): Promise<TestServer> => {
  const folder = await mkdtemp(join(tmpdir(), `fusioncommerce-${engine.name}-`));
  let running: RunningEngine = await engine.start({ folder, progress: silentProgress });
  const { url } = running;
  const port = Number(new URL(url).port);
  return {
    url,
    port,
    stop: () => running.stop(),
    kill: () => running.kill(),
    start: async () => {
      running = await engine.start({ folder, port, progress: silentProgress });
    },
    remove: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
