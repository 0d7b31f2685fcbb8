import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from '../../process/free-port.ts';
import { silentProgress } from '../../process/progress.ts';
import type { RunningServer } from '../server.ts';
import { startNode } from './broker.ts';

export interface KafkaCluster {
  /** "host:port" of every node, in the order of their ids from 1. */
  brokers: string[];
  /** kill -9 of a node. */
  kill(nodeId: number): Promise<void>;
  /** Starts a node again, on its old folder and ports. */
  start(nodeId: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Several real brokers on this machine: topics with three replicas of which two must have a record, as in production.
 */
export const startKafkaCluster = async (folder: string, nodes = 3): Promise<KafkaCluster> => {
  const ports = await Promise.all(Array.from({ length: nodes }, freePort));
  const controllers = (await Promise.all(Array.from({ length: nodes }, freePort))).map((port) => `127.0.0.1:${port}`);
  const clusterId = randomBytes(16).toString('base64url');
  const running = new Map<number, RunningServer>();
  const start = async (nodeId: number): Promise<void> => {
    const node = { nodeId, port: ports[nodeId - 1] ?? 0, controllers, clusterId };
    running.set(nodeId, await startNode({ ...node, folder: join(folder, String(nodeId)), progress: silentProgress }));
  };
  // Together: a controller alone has no majority and never becomes ready.
  await Promise.all(ports.map((_, index) => start(index + 1)));
  return {
    brokers: ports.map((port) => `127.0.0.1:${port}`),
    start,
    kill: async (nodeId) => {
      await running.get(nodeId)?.kill();
      running.delete(nodeId);
    },
    stop: async () => {
      await Promise.all([...running.values()].map((server) => server.stop()));
    },
  };
};
