import { mkdir, open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersOk } from '../engines/answers.ts';
import { freePort } from '../process/free-port.ts';
import { collectErrors, endChildProgram, killChildProgram, startChildProgram } from '../process/child-program.ts';
import { n8nEnvironment, type N8nSettings } from './environment.ts';
import type { InstalledN8n } from './install.ts';

export interface RunningN8n {
  url: string;
  /** Lets running journeys end for a few seconds, then ends; what did not end is redelivered at the next start. */
  stop(): Promise<void>;
  /** kill -9, for fault tests. */
  kill(): Promise<void>;
}

export interface RunN8nOptions extends Omit<N8nSettings, 'port' | 'owner' | 'runnerPort'> {
  installed: InstalledN8n;
  /** 0 takes a free one. */
  port: number;
  owner: { email: string; password: string };
}

const WITHOUT_SQLITE = new URL('./without-sqlite.mjs', import.meta.url).href;
const START_PATIENCE_MS = 180_000;

/**
 * Starts n8n as a process that ends with ours; ready when it answers on its readiness check. Its log is `n8n.log` in
 * its user folder.
 */
export const runN8n = async ({ installed, ...options }: RunN8nOptions): Promise<RunningN8n> => {
  const port = options.port === 0 ? await freePort() : options.port;
  const environment = n8nEnvironment({
    ...options,
    port,
    runnerPort: await freePort(),
    owner: { email: options.owner.email, passwordHash: await hashFor(installed, options.owner.password) },
  });
  await mkdir(options.userFolder, { recursive: true });
  const log = await open(join(options.userFolder, 'n8n.log'), 'a');
  const child = startChildProgram({
    file: process.execPath,
    args: ['--import', WITHOUT_SQLITE, join(installed.folder, 'node_modules', 'n8n', 'bin', 'n8n'), 'start'],
    cwd: options.userFolder,
    environment,
    signal: 'TERM',
    output: log.fd,
  });
  await log.close();
  const errorOutput = collectErrors(child);
  const url = `http://${options.host}:${port}`;
  for (let waited = 0; !(await answersOk(`${url}/healthz/readiness`)); waited += 200) {
    if (child.exitCode !== null)
      throw new Error(`n8n ended with code ${child.exitCode} at its start: ${errorOutput().trim()}`);
    if (waited > START_PATIENCE_MS) {
      await endChildProgram(child);
      throw new Error(`n8n was not ready after ${START_PATIENCE_MS / 1000} s; see ${options.userFolder}/n8n.log.`);
    }
    await sleep(200);
  }
  return {
    url,
    stop: () => endChildProgram(child),
    kill: () => killChildProgram(child),
  };
};

/** n8n takes the owner's password as a bcrypt hash, and brings the library that makes one. */
const hashFor = async ({ folder }: InstalledN8n, password: string): Promise<string> => {
  const load = createRequire(join(folder, 'package.json'));
  const bcrypt = load('bcryptjs') as { hash(text: string, rounds: number): Promise<string> };
  return bcrypt.hash(password, 10);
};
