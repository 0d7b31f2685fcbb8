import { resolve } from 'node:path';
import { createAccess, readOrCreateAccess, saveAccess, type Access } from './access.ts';
import { startBacking, type Backing } from './backing.ts';
import { createDemoData } from './demo-data.ts';
import { startJourney, type RunningJourney } from './journey/index.ts';
import { helpText, readOptions, WrongSetting, type Options } from './options.ts';
import { startPlatform, type RunningPlatform } from './platform.ts';
import { terminalProgress, type Progress } from './progress.ts';
import { claimDataFolder } from './single-instance.ts';
import { chooseServices, remoteServices } from './choose-services.ts';
import { allServices } from './services.ts';

/** What has been started so far: a Ctrl-C may come at any time. */
interface Running {
  backing?: Backing;
  platform?: RunningPlatform;
  journey?: RunningJourney | undefined;
}

const main = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === 'help') {
    console.log(helpText());
    return;
  }
  const progress = terminalProgress();
  const dataFolder = resolve(options.data);
  const services = chooseServices(options.services);
  const whole = options.services === undefined;
  // A subset shares the data folder with the whole, whose keys it reads; only the whole owns the folder.
  if (whole) await claimDataFolder(dataFolder);
  const access = await accessFor(dataFolder, process.env);

  const running: Running = {};
  const stopOnSignal = stopOnce(running, progress);
  process.on('SIGINT', stopOnSignal).on('SIGTERM', stopOnSignal);
  const backing = await startBacking({
    dataFolder,
    postgresPassword: access.postgresPassword,
    databaseUrl: options.databaseUrl,
    kafka: options.kafka,
    kafkaPort: options.kafkaPort,
    progress,
  });
  running.backing = backing;
  const platform = await startPlatform({
    services,
    remote: remoteServices(options.serviceUrls, services),
    catalogue: allServices.map(({ contract }) => contract),
    host: options.host,
    port: options.port,
    databaseUrl: backing.databaseUrl,
    kafka: backing.kafka,
    dataFolder,
    access,
    logLevel: options.logLevel,
    poolSize: options.poolSize,
    rateLimit: { perMinutePerKey: options.ratePerKey, perMinutePerAddress: options.ratePerAddress },
    corsOrigins: options.cors,
    otlpEndpoint: options.otlp,
    environment: pushSettings(options),
    progress,
  });
  running.platform = platform;
  if (whole) {
    await saveAccess(dataFolder, {
      ...access,
      url: platform.url,
      kafka: backing.kafka,
      databaseUrl: backing.databaseUrl,
      pid: process.pid,
    });
    running.journey = await startExtras(options, platform, backing, access, progress);
  }
  printWhereToLook(platform, options, whole, progress);
};

/** On a laptop n8n answers on this machine's own addresses; among engines of one's own nothing inside may be posted to unless said so. */
const pushSettings = ({ databaseUrl, kafka }: Options): Record<string, string | undefined> => ({
  PUSH_ALLOW_PRIVATE: process.env['PUSH_ALLOW_PRIVATE'] ?? (databaseUrl || kafka ? 'none' : 'loopback'),
});

/** Keys come from the environment in production and from the data folder on a laptop. */
const accessFor = async (dataFolder: string, environment: Record<string, string | undefined>): Promise<Access> => {
  const { ADMIN_KEY, SERVICE_KEY, OBJECT_SIGNING_KEY, TOKEN_PRIVATE_KEY, TOKEN_PUBLIC_KEY } = environment;
  if (!SERVICE_KEY) return readOrCreateAccess(dataFolder);
  const given = {
    adminKey: ADMIN_KEY,
    serviceKey: SERVICE_KEY,
    objectSigningKey: OBJECT_SIGNING_KEY,
    tokenPrivateKey: TOKEN_PRIVATE_KEY,
    tokenPublicKey: TOKEN_PUBLIC_KEY,
  };
  const missing = Object.entries(given)
    .filter(([, value]) => !value)
    .map(([name]) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  if (missing.length > 0)
    throw new WrongSetting(
      `SERVICE_KEY is set but ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not: give all keys through the environment, or none to use the data folder's.`,
    );
  return { ...createAccess(), ...(given as Partial<Access>) };
};

const startExtras = async (
  options: Options,
  platform: RunningPlatform,
  backing: Backing,
  access: Access,
  progress: Progress,
): Promise<RunningJourney | undefined> => {
  if (!options.withoutDemoData) progress.done('Demo data', await createDemoData(platform.url, access.adminKey));
  if (options.withoutJourney) return undefined;
  const journey = await startJourney({
    url: platform.url,
    credential: access.serviceKey,
    kafka: backing.kafka,
    logLevel: options.logLevel,
  });
  progress.done('Order journey', 'order.created → confirmed');
  return journey;
};

const printWhereToLook = (platform: RunningPlatform, options: Options, whole: boolean, progress: Progress): void => {
  progress.say('');
  if (!whole) {
    progress.say(
      `Ready: ${platform.services.map((service) => service.domain).join(', ')} at ${platform.url}. Ctrl-C stops.`,
    );
    return;
  }
  for (const [what, path] of [
    ['Start here', '/'],
    ['API reference', '/reference'],
    ['Event catalogue', '/reference/events'],
    ['Sent messages', '/dev/inbox'],
    ['Health', '/readyz'],
  ] as const) {
    progress.say(`  ${what.padEnd(18)} ${platform.url}${path}`);
  }
  progress.say(`  ${'Administrator key'.padEnd(18)} in ${options.data}/access.json`);
  progress.say('');
  progress.say('Ready. See one order live with: npm run demo      Stop with Ctrl-C.');
};

/** First signal: stop cleanly, in under 10 s. Second: at once. */
const stopOnce = (running: Running, progress: Progress): (() => void) => {
  let asked = false;
  return () => {
    if (asked) process.exit(130);
    asked = true;
    progress.say('\nStopping …');
    const deadline = setTimeout(() => {
      console.error('Not everything stopped within 10 s; ending anyway. Nothing committed is lost.');
      process.exit(1);
    }, 9_500);
    void stopAll(running).then(
      () => {
        clearTimeout(deadline);
        process.exit(0);
      },
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
};

const stopAll = async (running: Running): Promise<void> => {
  await running.journey?.stop();
  await running.platform?.stop();
  await running.backing?.stop();
};

main().catch((error: unknown) => {
  console.error(error instanceof WrongSetting ? error.message : error);
  process.exit(error instanceof WrongSetting ? 2 : 1);
});
