import { resolve } from 'node:path';
import { embeddedKafkaSecurity, saveAccess, type Access } from '../platform/access.ts';
import { accessFor } from './start-access.ts';
import { startEngines, type RunningEngines } from './embedded-engines.ts';
import { createDemoData } from './demo-data.ts';
import { inboxMailFor, type InboxMail } from './inbox-mail.ts';
import { journeyLinks } from './landing-links.ts';
import { journeyCredentials, journeyKey, startJourneysN8n } from './journeys.ts';
import { helpText, readOptions, WrongSetting, type Options } from '../platform/options.ts';
import type { PlatformOptions } from '../platform/platform-options.ts';
import { startPlatform, type RunningPlatform } from '../platform/start-platform.ts';
import { terminalProgress, type Progress } from '../process/progress.ts';
import { stopOnSignal } from '../process/stop-on-signal.ts';
import { publicAddresses } from './public-addresses.ts';
import { pushAllowed } from './push-allowed.ts';
import { claimDataFolder } from './single-instance.ts';
import { printServices, printWhereToLook } from './where-to-look.ts';
import { chooseServices, remoteServices } from '../platform/choose-services.ts';
import { freePort, isFree } from '../process/free-port.ts';
import { readKafkaSecurity, type KafkaSecurity } from '../platform/kafka-security.ts';
import { readCqlConnection } from '../platform/key-value.ts';
import { readS3Bucket } from '../platform/objects.ts';
import { pageKey } from '../../microservices/chassis/http/page-key.ts';
import { DatabaseStartError } from '../../microservices/chassis/database/start-error.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import { KafkaStartError } from '../../microservices/chassis/kafka/start-error.ts';
import { CqlStartError } from '../../microservices/ports/key-value/cql.ts';
import { createLogger } from '../../microservices/chassis/telemetry/log.ts';
import { readJourneys, type Journey } from '../n8n/journeys.ts';
import { journeyStore } from '../n8n/store/index.ts';
import type { PreparedN8n } from '../n8n/index.ts';
import { allServices } from '../platform/services.ts';

/** Parts that were started so far: a Ctrl-C may come at any time. */
interface Running {
  engines?: RunningEngines;
  platform?: RunningPlatform;
  n8n?: PreparedN8n;
}

/** n8n stops first: it waits for running journeys, and its triggers leave Kafka. That alone took 5 to 8 s. */
const STOP_WITH_N8N_MS = 25_000;

const main = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === 'help') {
    console.log(helpText());
    return;
  }
  // Keys, events, objects and customers' data: whatever is made from here on is our user's alone.
  process.umask(0o077);
  const progress = terminalProgress();
  const start = await readStart(options);
  // A subset shares the data folder with the whole, whose keys it reads; only the whole owns the folder.
  if (start.whole) await claimDataFolder(start.dataFolder);
  if (start.withN8n) await checkN8nPort(options);
  const access = await accessFor(start, process.env);
  const running: Running = {};
  stopOnSignal(() => stopAll(running), progress, start.withN8n ? STOP_WITH_N8N_MS : undefined);
  await run({ ...start, options, access, progress, running });
};

/** Options and environment, checked before anything is started. */
const readStart = async (options: Options) => ({
  dataFolder: resolve(options.data),
  services: chooseServices(options.services),
  whole: options.services === undefined,
  withN8n: options.services === undefined && !options.withoutN8n,
  cql: await readCqlConnection(options, process.env),
  givenSecurity: await readKafkaSecurity(options, process.env),
  s3: await readS3Bucket(options, process.env),
});

type Start = Awaited<ReturnType<typeof readStart>> & {
  options: Options;
  access: Access;
  progress: Progress;
  running: Running;
};

/** Another n8n on the port would be taken for ours. */
const checkN8nPort = async ({ host, n8nPort }: Options): Promise<void> => {
  if (n8nPort === 0 || (await isFree(host, n8nPort))) return;
  throw new WrongSetting(
    `Port ${n8nPort} is in use, so n8n cannot listen there. Stop what runs there, or choose another with --n8n-port (0 takes any free one).`,
  );
};

const run = async (start: Start): Promise<void> => {
  const { options, access, progress, running, dataFolder, whole, withN8n, givenSecurity } = start;
  const { databaseUrl, kafkaPort } = options;
  const engines = await startEngines({
    ...{ dataFolder, access, withN8n, progress, databaseUrl, kafkaPort },
    kafka: options.kafka,
  });
  running.engines = engines;
  const { kafka, kafkaIsEmbedded } = engines;
  // A process of some services may use the embedded broker of the whole platform on its data folder.
  const known = whole || kafkaIsEmbedded ? { ...access, kafka, kafkaIsEmbedded } : access;
  const kafkaSecurity = givenSecurity.sasl
    ? givenSecurity
    : { ...givenSecurity, ...embeddedKafkaSecurity(known, kafka) };
  const journeys = whole ? await readJourneys() : [];
  const n8nPort = options.n8nPort === 0 ? await freePort() : options.n8nPort;
  const mail = withN8n ? await inboxMailFor(process.env) : undefined;
  const reached = { engines, kafkaSecurity, journeys, n8nPort, mail };
  const platform = await startPlatform(await platformOptions(start, reached));
  running.platform = platform;
  if (!whole) return printServices(platform, progress);
  const { url } = platform;
  const inboxUrl = `${url}/dev/inbox?key=${pageKey(access.serviceKey, '/dev/inbox')}`;
  const started = { ...known, url, inboxUrl, databaseUrl: engines.databaseUrl, pid: process.pid };
  await saveAccess(dataFolder, started);
  if (!options.withoutDemoData) await makeDemoShop(url, access.adminKey, progress);
  if (withN8n)
    await startJourneys(
      { ...started, kafka, n8nDatabaseUrl: engines.n8nDatabaseUrl },
      { dataFolder, host: options.host, port: n8nPort, kafkaSecurity, mail, progress },
      journeys,
      running,
    );
  const n8n = running.n8n && { url: running.n8n.url, owner: access.n8n, isFirstStart: access.n8nUrl === undefined };
  printWhereToLook(platform, { dataFolder: options.data, n8n }, progress);
};

interface Reached {
  engines: RunningEngines;
  kafkaSecurity: KafkaSecurity;
  journeys: readonly Journey[];
  n8nPort: number;
  mail: InboxMail | undefined;
}

const platformOptions = async (
  { options, services, cql, s3, dataFolder, access, withN8n, progress, running }: Start,
  { engines, kafkaSecurity, journeys, n8nPort, mail }: Reached,
): Promise<PlatformOptions> => {
  const store = await journeyStore(journeys, {
    editor: () => running.n8n && { url: running.n8n.url, owner: access.n8n },
    url: () => running.platform?.url,
  });
  return {
    ...{ services, cql, s3, dataFolder, access, kafkaSecurity, progress },
    remote: remoteServices(options.serviceUrls, services),
    contracts: allServices.map(({ contract }) => contract),
    host: options.host,
    port: options.port,
    databaseUrl: engines.databaseUrl,
    kafka: engines.kafka,
    stateFolders: engines.stateFolders,
    logLevel: options.logLevel,
    ...ownersOf(options),
    poolSize: options.poolSize,
    connections: options.connections,
    ...entranceOf(options),
    otlpEndpoint: options.otlp,
    openRoutes: [store.library],
    routes: [store.pages],
    links: journeyLinks(withN8n ? `http://${options.host}:${n8nPort}` : undefined),
    environment: {
      ...publicAddresses(options, process.env),
      PUSH_ALLOW_PRIVATE: pushAllowed(options, process.env),
      ...(mail && { NOTIFICATIONS_INBOX_SMTP_URL: mail.url }),
    },
  };
};

const makeDemoShop = (url: string, key: string, progress: Progress): Promise<void> =>
  whileServing('The demo shop is not complete', progress, async () =>
    progress.done('Demo data', await createDemoData(url, key)),
  );

/** A step that comes after the platform serves: when it fails, that is said, and the platform goes on serving. */
const whileServing = async (consequence: string, progress: Progress, step: () => Promise<void>): Promise<void> => {
  try {
    await step();
  } catch (error) {
    const reason = error instanceof Problem ? `${error.title}: ${error.message}` : String(error);
    progress.say(
      `WARNING  ${consequence}: ${reason}\n         The platform serves without it. The next start tries again.`,
    );
  }
};

/** Who makes topics and schemas, and where the process is watched. */
const ownersOf = (options: Options) => ({
  replicationFactor: options.kafkaReplicationFactor,
  topics: options.topics,
  migrations: options.migrations,
  adminPort: options.adminPort,
});

/** Who is let in from outside, and how often. */
const entranceOf = (options: Options) => ({
  rateLimit: { perMinutePerKey: options.ratePerKey, perMinutePerAddress: options.ratePerAddress },
  corsOrigins: options.cors,
  trustProxy: options.trustProxy,
});

/** n8n with the journeys published; what they may do is what their key may do. */
const startJourneys = (
  { n8nDatabaseUrl, ...access }: Access & { url: string; kafka: string[]; n8nDatabaseUrl: string },
  at: {
    dataFolder: string;
    host: string;
    port: number;
    kafkaSecurity: KafkaSecurity;
    mail: InboxMail | undefined;
    progress: Progress;
  },
  journeys: readonly Journey[],
  running: Running,
): Promise<void> =>
  whileServing('n8n does not run the journeys', at.progress, async () => {
    const n8n = await startJourneysN8n({ ...at, access, databaseUrl: n8nDatabaseUrl, platformUrl: access.url });
    running.n8n = n8n;
    const key = await journeyKey(access.url, access);
    await saveAccess(at.dataFolder, { ...access, journeyKey: key, n8nUrl: n8n.url });
    const own = journeyCredentials({ url: access.url, kafka: access.kafka, kafkaSecurity: at.kafkaSecurity, key });
    await n8n.publish([...own, ...(at.mail ? [at.mail.credential] : [])], journeys);
    const log = createLogger({ level: 'warn', service: 'n8n' });
    await n8n.forgetErased({ brokers: access.kafka, clientId: 'n8n-erasure', log, ...at.kafkaSecurity });
    at.progress.done('Journeys', journeys.map(({ name }) => name).join(', '));
  });

const stopAll = async (running: Running): Promise<void> => {
  await running.n8n?.stop();
  await running.platform?.stop();
  await running.engines?.stop();
};

main().catch((error: unknown) => {
  const inWords = [WrongSetting, CqlStartError, KafkaStartError, DatabaseStartError].find(
    (kind) => error instanceof kind,
  );
  console.error(inWords && error instanceof Error ? error.message : error);
  process.exit(error instanceof WrongSetting ? 2 : 1);
});
