import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { embeddedKafkaSecurity, readAccess } from '../../platform/access.ts';
import type { KafkaSecurity } from '../../platform/kafka-security.ts';

export interface BenchPlatform {
  url: string;
  adminKey: string;
  serviceKey: string;
  tokenPublicKey: string;
  tokenPrivateKey: string;
  /** As the services' role. */
  databaseUrl: string;
  /** The superuser's password there. */
  postgresPassword: string;
  kafka: string[];
  kafkaSecurity: KafkaSecurity;
  pid: number;
  stop(): Promise<void>;
}

/**
 * Starts the platform as `npm start` does, in its own process, durable, on a temporary folder and free ports. With
 * BENCH_PROFILE=FOLDER that process writes a CPU profile there when it ends. With `kafka`, "host:port", it uses that
 * broker instead of its own.
 */
export const startBenchPlatform = async ({ kafka: broker }: { kafka?: string } = {}): Promise<BenchPlatform> => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-bench-'));
  await chmod(folder, 0o755);
  const profile = process.env['BENCH_PROFILE'];
  const child = spawn(
    process.execPath,
    [
      ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []),
      fileURLToPath(new URL('../../local/main.ts', import.meta.url)),
      ...['--data', folder, '--port', '0', '--without-demo-data', '--without-n8n', '--log', 'error'],
      ...['--rate-per-key', '100000000', '--rate-per-address', '100000000'],
      ...(broker ? ['--kafka', broker] : []),
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    },
  );
  const stopChild = async (): Promise<void> => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  // Ctrl-C in a terminal reaches the child by itself; whatever else ends us must not leave it behind.
  process.once('exit', () => child.kill('SIGTERM'));
  try {
    await saysReady(child.stdout);
    const access = await readAccess(folder);
    const { url, kafka, databaseUrl, pid: _pid, ...keys } = access;
    if (!url || !kafka || !databaseUrl) throw new Error(`${folder}/access.json holds no URL of the platform.`);
    const kafkaSecurity = embeddedKafkaSecurity(access, kafka);
    return { pid: child.pid ?? 0, url, kafka, kafkaSecurity, databaseUrl, ...keys, stop: stopChild };
  } catch (error) {
    await stopChild();
    throw error;
  }
};

const saysReady = async (output: NodeJS.ReadableStream): Promise<void> => {
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    output.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes('Ready.')) resolve();
    });
    output.on('end', () => reject(new Error(`The platform ended before it was ready:\n${printed}`)));
  });
};
