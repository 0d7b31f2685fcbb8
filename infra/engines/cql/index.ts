import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../process/free-port.ts';
import type { Progress } from '../../process/progress.ts';
import type { Engine, ServerCertificate } from '../engine.ts';
import { java } from '../java.ts';
import { jarsOf } from '../maven.ts';
import { startServer } from '../server.ts';
import { letsIn } from './native-protocol.ts';
import { cassandraYaml, credentials, encryptionYaml, JAVA_OPTIONS, logbackXml } from './settings.ts';

const title = 'Apache Cassandra 5.0.9';

const install = (progress: Progress): Promise<string> =>
  jarsOf({ name: 'cassandra', title, cost: '66 MB', pom: new URL('pom.xml', import.meta.url), progress });

/** Apache Cassandra, one node, data centre "datacenter1", with passwords: it speaks CQL as ScyllaDB does. */
export const cql: Engine = {
  name: 'cql',
  title,
  option: { flag: '--cql', variable: 'CQL_CONTACT_POINTS', prefix: 'CQL' },
  install: async (progress) => void (await install(progress)),
  start: async ({ folder, port, tls, progress }) => {
    const [jars, program] = [await install(progress), await java(progress)];
    const listening = port ?? (await freePort());
    await writeSettings(folder, listening, tls);
    const authority = tls && (await readFile(tls.authority, 'utf8'));
    const server = await startServer({
      title: 'Apache Cassandra',
      file: program,
      port: listening,
      args: [...(await javaArguments(jars, folder)), 'org.apache.cassandra.service.CassandraDaemon'],
      folder,
      ready: () => letsIn(listening, credentials, authority),
    });
    return { ...server, url: `127.0.0.1:${listening}`, credentials };
  },
};

const writeSettings = async (folder: string, port: number, tls: ServerCertificate | undefined): Promise<void> => {
  const conf = join(folder, 'conf');
  await mkdir(conf, { recursive: true });
  const [storagePort, sslStoragePort] = [await freePort(), await freePort()];
  const yaml = cassandraYaml({ port, storagePort, sslStoragePort, folder });
  await writeFile(join(conf, 'cassandra.yaml'), yaml + (tls ? encryptionYaml(tls.both) : ''));
  await writeFile(join(conf, 'logback.xml'), logbackXml);
};

const javaArguments = async (jars: string, folder: string): Promise<string[]> => {
  const jamm = (await readdir(jars)).find((name) => name.startsWith('jamm-')) ?? 'jamm.jar';
  return [
    ...[
      '-Xms256m',
      '-Xmx512m',
      '-XX:+UseSerialGC',
      '-XX:+ExitOnOutOfMemoryError',
      ...JAVA_OPTIONS,
      `-javaagent:${join(jars, jamm)}`,
    ],
    `-Dcassandra.config=file://${folder}/conf/cassandra.yaml`,
    `-Dcassandra.storagedir=${folder}`,
    `-Djava.io.tmpdir=${folder}`,
    // Alone there is nobody to gossip with or to wait for.
    ...['-Dcassandra.ring_delay_ms=1', '-Dcassandra.skip_wait_for_gossip_to_settle=0'],
    ...['-Dcassandra.superuser_setup_delay_ms=0', '-Dcassandra.jmx.local.port=0'],
    ...['-cp', `${join(folder, 'conf')}:${jars}/*`],
  ];
};
