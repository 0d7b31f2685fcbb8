import { createHash } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../process/free-port.ts';
import {
  collectErrors,
  endChildProgram,
  endOf,
  killChildProgram,
  startChildProgram,
} from '../process/child-program.ts';
import { installBinaries, isEnterable, MACHINE_FOLDER } from './postgres-programs.ts';
import { makeDataFolder } from './private-folder.ts';
import { commandOf, isRunning, worksIn } from './running-process.ts';

export interface PostgresOptions {
  /** Where the cluster lives; created on first use. */
  directory: string;
  password: string;
  /** False for tests only: nothing survives a power cut. */
  durable?: boolean;
  /** Files (PEM) with which it speaks TLS to those who ask for it. */
  tls?: { certificate: string; key: string };
}

export interface Postgres {
  /**
   * postgres://… of the database, which exists. Its host parameter leads those who share the machine through a Unix
   * socket, which costs a third less than the loopback network.
   */
  url: string;
  pid: number | undefined;
  /** How it ended and its last output, once it has. */
  ended: Promise<{ how: string; lastLines: string }>;
  stop(): Promise<void>;
  /** kill -9, for fault tests. */
  kill(): Promise<void>;
}

const DATABASE = 'fusioncommerce';
/** Who owns a new cluster. */
export const SUPERUSER = 'fusioncommerce';

/**
 * Starts the PostgreSQL that npm installed, on a free port of the loopback address. It ends with this process, however
 * that ends: its guard shell waits on a pipe that closes with us.
 */
export const startPostgres = async ({
  directory,
  password,
  durable = true,
  tls,
}: PostgresOptions): Promise<Postgres> => {
  const owner = unprivilegedUser();
  const bin = join(await installBinaries(owner !== undefined), 'bin');
  await mkdir(directory, { recursive: true });
  if (owner) await chown(directory, owner.uid, owner.gid);
  await stopOrphan(directory);
  if (!(await exists(join(directory, 'PG_VERSION')))) await initialise(bin, directory, password, owner);
  const port = await freePort();
  const sockets = await socketFolder(directory);
  const encryption = tls ? await tlsSettings(directory, tls, owner) : [];
  const server = startChildProgram({
    file: join(bin, 'postgres'),
    args: ['-D', directory, '-p', String(port), ...settings(sockets, durable), ...encryption],
    cwd: directory,
    signal: 'INT', // fast shutdown
    owner,
  });
  const errorOutput = collectErrors(server);
  const ended = endOf(server).then((how) => ({ how, lastLines: errorOutput().trim() }));
  const host = sockets === '' ? '' : `?host=${encodeURIComponent(sockets)}`;
  const url = `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${DATABASE}${host}`;
  await untilReady(sameServer(url, 'postgres'), server, errorOutput);
  await createDatabase(url);
  return { url, pid: server.pid, ended, stop: () => endChildProgram(server), kill: () => killChildProgram(server) };
};

/** Longest name of a socket, on the stricter of Linux (107) and macOS (103). */
const LONGEST_SOCKET = 103;

/**
 * The cluster's own folder, which nobody else may enter, cleared of sockets that a power cut left; empty when a
 * socket's name would not do there.
 */
const socketFolder = async (directory: string): Promise<string> => {
  if (Buffer.byteLength(join(directory, '.s.PGSQL.65535.lock')) > LONGEST_SOCKET || /[",]/.test(directory)) return '';
  for (const name of await readdir(directory))
    if (name.startsWith('.s.PGSQL.')) await rm(join(directory, name), { force: true });
  return directory;
};

const settings = (sockets: string, durable: boolean): string[] =>
  given([
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${sockets}`,
    // Tests share a server that is not durable between the platforms of all their workers, up to 80 connections each.
    `max_connections=${durable ? 150 : 400}`,
    'shared_buffers=64MB',
    'max_wal_size=1GB',
    // One commit's flush serves all that wait for it; under load this is worth more than it costs alone.
    'wal_writer_delay=50ms',
    'jit=off',
    // Everything hot is in memory here: with the default, small tables are read whole instead of by their indexes.
    'random_page_cost=1.1',
    'max_parallel_workers_per_gather=0',
    // Nobody replicates from an embedded server, so the log need not hold what a replica would want.
    'wal_level=minimal',
    'max_wal_senders=0',
    'checkpoint_timeout=15min',
    'update_process_title=off',
    'autovacuum_naptime=20s',
    ...(durable ? [] : ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off']),
  ]);

const given = (list: readonly string[]): string[] => list.flatMap((setting) => ['-c', setting]);

/** The key has to be the server's own, readable by nobody else: both are copied into its folder. */
const tlsSettings = async (
  directory: string,
  tls: { certificate: string; key: string },
  owner: { uid: number; gid: number } | undefined,
): Promise<string[]> => {
  const copies = { certificate: join(directory, 'server.crt'), key: join(directory, 'server.key') };
  for (const part of ['certificate', 'key'] as const) {
    await writeFile(copies[part], await readFile(tls[part]), { mode: 0o600 });
    if (owner) await chown(copies[part], owner.uid, owner.gid);
  }
  return given(['ssl=on', `ssl_cert_file=${copies.certificate}`, `ssl_key_file=${copies.key}`]);
};

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const unprivilegedUser = (): { uid: number; gid: number } | undefined =>
  process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;

/**
 * Where a cluster can live: inside `folder`, or among the machine's state when PostgreSQL may not enter there (root in
 * /root).
 */
export const clusterDirectory = async (folder: string): Promise<string> => {
  await makeDataFolder(folder);
  if (!unprivilegedUser() || (await isEnterable(folder))) return join(folder, 'postgres');
  const own = join(MACHINE_FOLDER, createHash('sha256').update(folder).digest('hex').slice(0, 12));
  await mkdir(own, { recursive: true });
  for (const path of [MACHINE_FOLDER, own]) await chmod(path, 0o755);
  return join(own, 'postgres');
};

const initialise = async (
  bin: string,
  directory: string,
  password: string,
  owner: { uid: number; gid: number } | undefined,
): Promise<void> => {
  const passwordFile = `${directory}.password`;
  // Made anew: a file that somebody else put there would stay readable for them.
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
  if (owner) await chown(passwordFile, owner.uid, owner.gid);
  const child = spawn(
    join(bin, 'initdb'),
    [
      '-D',
      directory,
      '-U',
      SUPERUSER,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: dirname(directory),
      ...owner,
    },
  );
  const errorOutput = collectErrors(child);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  await rm(passwordFile, { force: true });
  if (code !== 0) {
    await rm(directory, { recursive: true, force: true });
    throw new Error(`PostgreSQL could not create its files in ${directory}: ${errorOutput().trim()}`);
  }
};

/**
 * When our guard was killed too, a server may still hold the folder: it is asked to end before a new one starts. A
 * number that is another program's by now is left alone. It is struck out, because the new server would not start
 * beside it; the lines below it, by which that finds what a dead one left, stay.
 */
const stopOrphan = async (directory: string): Promise<void> => {
  const file = join(directory, 'postmaster.pid');
  const [first, ...rest] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const pid = Number(first);
  if (!pid || !isRunning(pid)) return;
  if (!(await isServerOf(pid, directory))) return writeFile(file, [NO_PROCESS, ...rest].join('\n'));
  process.kill(pid, 'SIGINT');
  for (let waited = 0; waited < 10_000 && isRunning(pid); waited += 50) await sleep(50);
};

/** Above what Linux and macOS give to processes. */
const NO_PROCESS = 4_194_305;

const isServerOf = async (pid: number, directory: string): Promise<boolean> =>
  (await commandOf(pid)).includes('postgres') && (await worksIn(pid, directory));

const untilReady = async (url: string, server: ChildProcess, errorOutput: () => string): Promise<void> => {
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start: ${errorOutput().trim()}`);
    if (await answers(url)) return;
    await sleep(50);
  }
  throw new Error(`PostgreSQL was not ready after 30 s: ${errorOutput().trim()}`);
};

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** The URL of another database on the server of `url`. */
export const sameServer = (url: string, database: string): string => {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
};

/** Creates the database of a URL when it is not there. */
export const createDatabase = async (url: string): Promise<void> => {
  const name = new URL(url).pathname.slice(1);
  const client = new pg.Client({ connectionString: sameServer(url, 'postgres') });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
