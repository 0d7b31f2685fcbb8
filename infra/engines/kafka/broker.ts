import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKafka } from '../../../microservices/chassis/kafka/client.ts';
import { createLogger } from '../../../microservices/chassis/telemetry/log.ts';
import type { Progress } from '../../process/progress.ts';
import { runTool } from '../../process/run-tool.ts';
import { java } from '../java.ts';
import { startServer, type RunningServer } from '../server.ts';
import { installKafka } from './install.ts';
import { scramUsers, serverProperties, type BrokerSettings } from './settings.ts';

export interface KafkaNode extends BrokerSettings {
  /** The same for every node of a cluster: 22 characters of base64url, as StorageTool's random-uuid gives. */
  clusterId: string;
  progress: Progress;
}

/** Starts one node on its folder, formatting it before its first start; ready when it answers as a broker. */
export const startNode = async (node: KafkaNode): Promise<RunningServer> => {
  const { folder, port, progress } = node;
  const jars = await installKafka(progress);
  const file = await java(progress);
  await mkdir(folder, { recursive: true });
  const properties = join(folder, 'server.properties');
  await writeFile(properties, serverProperties(node));
  const program = (heap: string, main: string, ...args: string[]): string[] => [
    ...[`-Xmx${heap}`, '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'],
    ...['-cp', `${jars}/*`, main, ...args],
  ];
  if (!existsSync(join(folder, 'data', 'meta.properties')))
    await runTool({
      file,
      args: program(
        '256m',
        'kafka.tools.StorageTool',
        ...['format', `--cluster-id=${node.clusterId}`, '-c', properties, ...scramUsers(node.secured)],
      ),
      folder,
      failure: `Kafka could not prepare its folder ${folder}.`,
    });
  return startServer({
    title: 'Apache Kafka',
    file,
    port,
    args: program('512m', 'kafka.Kafka', properties),
    folder,
    ready: () => answersAsBroker(`127.0.0.1:${port}`),
  });
};

const answersAsBroker = async (address: string): Promise<boolean> => {
  const log = createLogger({ level: 'silent', service: 'engines' });
  const kafka = createKafka({ brokers: [address], clientId: 'engines', log });
  const admin = kafka.admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.some(({ port }) => address.endsWith(`:${port}`));
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
};
