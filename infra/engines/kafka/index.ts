import { createHash } from 'node:crypto';
import { freePort } from '../../process/free-port.ts';
import type { Engine } from '../engine.ts';
import { startNode } from './broker.ts';
import { installKafka, title } from './install.ts';

export { startKafkaCluster, type KafkaCluster } from './cluster.ts';

/** Apache Kafka, one node. */
export const kafka: Engine = {
  name: 'kafka',
  title,
  option: { flag: '--kafka', variable: 'KAFKA_BROKERS' },
  install: async (progress) => void (await installKafka(progress)),
  start: async ({ folder, port, progress }) => {
    const listening = port ?? (await freePort());
    const controllers = [`127.0.0.1:${await freePort()}`];
    // The id is written into the folder at its first start and must be the same ever after.
    const clusterId = createHash('sha256').update(folder).digest().subarray(0, 16).toString('base64url');
    const server = await startNode({ nodeId: 1, port: listening, controllers, clusterId, folder, progress });
    return { ...server, url: `127.0.0.1:${listening}` };
  },
};
