import { freePort } from '../../process/free-port.ts';
import type { Progress } from '../../process/progress.ts';
import type { Engine } from '../engine.ts';
import { java } from '../java.ts';
import { jarsOf } from '../maven.ts';
import type { RunningServer } from '../server.ts';
import { startRole, startZookeeper, untilComplete, type Programs } from './processes.ts';
import type { ClusterSettings, Role } from './settings.ts';

const title = 'Apache Druid 33.0.0';

const install = (progress: Progress): Promise<string> =>
  jarsOf({ name: 'druid', title, cost: '192 MB', pom: new URL('pom.xml', import.meta.url), progress });

/** Besides the router, which is what clients know. */
const INNER: readonly Role[] = ['coordinator', 'historical', 'indexer', 'broker'];

/** Apache Druid, every role once, behind one router, with its Kafka ingestion. */
export const druid: Engine = {
  name: 'druid',
  title,
  option: { variable: 'DRUID_URL' },
  install: async (progress) => void (await install(progress)),
  start: async ({ folder, port, progress }) => {
    const programs = { jars: await install(progress), java: await java(progress) };
    const cluster = { folder, zookeeper: await freePort(), derby: await freePort() };
    const listening = port ?? (await freePort());
    const url = `http://127.0.0.1:${listening}`;
    const servers = await startAll(programs, cluster, listening);
    try {
      await untilComplete(url, [...INNER, 'router']);
    } catch (error) {
      await endAll(servers, 'stop');
      throw error;
    }
    return {
      url,
      // There are six.
      pid: undefined,
      ended: Promise.race(servers.map(({ ended }) => ended)),
      stop: () => endAll(servers, 'stop'),
      kill: () => endAll(servers, 'kill'),
    };
  },
};

/**
 * ZooKeeper first, then everybody at once: they wait for one another. When one fails, the others are ended and its
 * words are thrown.
 */
const startAll = async (programs: Programs, cluster: ClusterSettings, routerPort: number): Promise<RunningServer[]> => {
  const zookeeper = await startZookeeper(programs, cluster);
  const roles = [
    ...INNER.map(async (role) => startRole(programs, cluster, { role, port: await freePort() })),
    startRole(programs, cluster, { role: 'router', port: routerPort }),
  ];
  const outcomes = await Promise.allSettled(roles);
  const servers = [
    zookeeper,
    ...outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
  ];
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await endAll(servers, 'stop');
    throw failed.reason;
  }
  return servers;
};

/** Workers end before the coordinator that they report to, and ZooKeeper last. */
const endAll = async (servers: readonly RunningServer[], how: 'stop' | 'kill'): Promise<void> => {
  const [zookeeper, coordinator, ...workers] = servers;
  await Promise.all(workers.map((server) => server[how]()));
  await coordinator?.[how]();
  await zookeeper?.[how]();
};
