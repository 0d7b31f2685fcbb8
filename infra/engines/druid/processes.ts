import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerOf, answers } from '../answers.ts';
import { startServer, type RunningServer } from '../server.ts';
import {
  DIRECT_MEMORY_MB,
  HEAP_MB,
  log4jXml,
  runtimeProperties,
  zooCfg,
  type ClusterSettings,
  type Role,
} from './settings.ts';

/** Where the jars lie, and what runs them. */
export interface Programs {
  jars: string;
  java: string;
}

const PATIENCE_MS = 300_000;
/** Without ZooKeeper, when everything is told to end at once, a role looks for it for ever. */
const END_WITHIN_SECONDS = 60;

/** For programs that live for minutes, the first of Java's two compilers does: half the processor time at the start. */
const SMALL = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError'];

/** Packages that Druid needs opened on Java 17: https://druid.apache.org/docs/latest/operations/java */
const OPENED = [
  ...['java.base/jdk.internal.misc', 'java.base/jdk.internal.ref'].map((name) => `--add-exports=${name}=ALL-UNNAMED`),
  ...[
    'java.base/java.nio',
    'java.base/sun.nio.ch',
    'java.base/jdk.internal.ref',
    'java.base/java.io',
    'java.base/java.lang',
    'jdk.management/com.sun.management.internal',
  ].map((name) => `--add-opens=${name}=ALL-UNNAMED`),
];

/** The processes' common ground; ready when it accepts connections. */
export const startZookeeper = async ({ jars, java }: Programs, cluster: ClusterSettings): Promise<RunningServer> => {
  const folder = join(cluster.folder, 'zookeeper');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'zoo.cfg'), zooCfg(cluster));
  await writeFile(join(folder, 'log4j2.xml'), log4jXml);
  return startServer({
    title: 'ZooKeeper',
    file: java,
    port: cluster.zookeeper,
    args: [
      ...SMALL,
      '-Xmx64m',
      '-cp',
      `${folder}:${jars}/*`,
      'org.apache.zookeeper.server.ZooKeeperServerMain',
      'zoo.cfg',
    ],
    folder,
    ready: () => answers(`127.0.0.1:${cluster.zookeeper}`),
  });
};

/** One of Druid's processes; ready when it calls itself healthy. */
export const startRole = async (
  { jars, java }: Programs,
  cluster: ClusterSettings,
  { role, port }: { role: Role; port: number },
): Promise<RunningServer> => {
  const folder = join(cluster.folder, role);
  await mkdir(folder, { recursive: true });
  await mkdir(join(cluster.folder, 'temporary'), { recursive: true });
  await writeFile(join(folder, 'runtime.properties'), runtimeProperties(cluster, role, port));
  await writeFile(join(folder, 'log4j2.xml'), log4jXml);
  return startServer({
    title: `Druid's ${role}`,
    file: java,
    port,
    args: [
      ...[...SMALL, ...OPENED, `-Xmx${HEAP_MB[role]}m`, `-XX:MaxDirectMemorySize=${DIRECT_MEMORY_MB}m`],
      ...['-Duser.timezone=UTC', '-Dfile.encoding=UTF-8', `-Djava.io.tmpdir=${cluster.folder}/temporary`],
      ...['-Djava.util.logging.manager=org.apache.logging.log4j.jul.LogManager'],
      ...['-cp', `${folder}:${jars}/*`, 'org.apache.druid.cli.Main', 'server', role],
    ],
    folder,
    ready: () => isHealthy(`http://127.0.0.1:${port}`),
    patienceMs: PATIENCE_MS,
    endWithinSeconds: END_WITHIN_SECONDS,
  });
};

/**
 * Waits until the router reaches a broker that knows of every role. Throws when it takes too long, naming who is
 * missing.
 */
export const untilComplete = async (url: string, roles: readonly string[]): Promise<void> => {
  let missing = [...roles];
  for (const end = Date.now() + PATIENCE_MS; missing.length > 0; await sleep(200)) {
    const known = await serverTypes(url);
    missing = roles.filter((role) => !known.includes(role));
    if (missing.length > 0 && Date.now() > end)
      throw new Error(
        `Druid's broker still does not know of: ${missing.join(', ')}, after ${PATIENCE_MS / 1_000} s. See server.log in the folders of these roles.`,
      );
  }
};

const serverTypes = (url: string): Promise<string[]> =>
  fetch(`${url}/druid/v2/sql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'SELECT server_type FROM sys.servers', resultFormat: 'array' }),
    signal: AbortSignal.timeout(5_000),
  })
    .then(async (response) => (response.ok ? ((await response.json()) as string[][]).flat() : []))
    // Also where the time runs out in the middle of an answer.
    .catch(() => []);

const isHealthy = async (url: string): Promise<boolean> => (await answerOf(`${url}/status/health`))?.trim() === 'true';
