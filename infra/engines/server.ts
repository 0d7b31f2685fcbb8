import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFree } from '../process/free-port.ts';
import { endChildProgram, endOf, killChildProgram, startChildProgram } from '../process/child-program.ts';
import type { RunningEngine } from './engine.ts';

export interface Server {
  /** For people. */
  title: string;
  file: string;
  args: readonly string[];
  /** Where it runs and logs (`server.log`); made when missing. */
  folder: string;
  environment?: Record<string, string>;
  /** Where it is to answer: nobody else may. */
  port: number;
  /** True once it serves requests. */
  ready: () => Promise<boolean>;
  patienceMs?: number;
  /** How long it may take to end before it is killed; one of several that wait for one another may wait in vain. */
  endWithinSeconds?: number;
}

export type RunningServer = Pick<RunningEngine, 'pid' | 'ended' | 'stop' | 'kill'>;

/**
 * Starts a foreign server that ends with this process and waits until it is ready. Throws with the last lines of its
 * log when it ends or takes too long.
 */
export const startServer = async (server: Server): Promise<RunningServer> => {
  const { title, folder, port, patienceMs = 120_000 } = server;
  if (!(await isFree('127.0.0.1', port)))
    throw new Error(
      `${title} cannot listen on port ${port} of 127.0.0.1: another program does. Stop that, or choose another port.`,
    );
  await mkdir(folder, { recursive: true });
  await untilFree(folder, title);
  const file = join(folder, 'server.log');
  const log = await open(file, 'w');
  const child = startChildProgram({
    file: server.file,
    args: server.args,
    cwd: folder,
    environment: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? folder, ...server.environment },
    signal: 'TERM',
    output: log.fd,
    errors: log.fd,
    ...(server.endWithinSeconds === undefined ? {} : { endWithinSeconds: server.endWithinSeconds }),
  });
  const ended = endOf(child).then(async (how) => ({ how, lastLines: await lastLines(file) }));
  await log.close();
  await writeFile(join(folder, PID_FILE), String(child.pid));
  const fail = async (what: string): Promise<never> => {
    await endChildProgram(child);
    throw new Error(`${title} ${what}. The end of ${file}:\n${await lastLines(file)}`);
  };
  for (const end = Date.now() + patienceMs; !(await server.ready()); await sleep(100)) {
    if (child.exitCode !== null || child.signalCode !== null) await fail(`ended at its start (${(await ended).how})`);
    if (Date.now() > end) await fail(`was not ready after ${patienceMs / 1_000} s`);
  }
  return {
    pid: child.pid,
    ended,
    stop: () => endChildProgram(child),
    kill: () => killChildProgram(child),
  };
};

const PID_FILE = 'server.pid';
const ENDING_MS = 30_000;

/**
 * Two servers on one folder would ruin its files. One whose owner was killed is on its way out and is waited for; one
 * that stays is said.
 */
const untilFree = async (folder: string, title: string): Promise<void> => {
  for (const end = Date.now() + ENDING_MS; ; await sleep(100)) {
    const pid = await whoRunsOn(folder);
    if (!pid) return;
    if (Date.now() > end)
      throw new Error(`${title} already runs on ${folder} (process ${pid}). Stop that, or choose another folder.`);
  }
};

/**
 * The number may have been given to another program since: where /proc tells what runs, its command must name the
 * folder.
 */
const whoRunsOn = async (folder: string): Promise<number | undefined> => {
  const pid = Number(await readFile(join(folder, PID_FILE), 'utf8').catch(() => '0'));
  const command = pid ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : '';
  return command.includes(folder) ? pid : undefined;
};

const lastLines = async (file: string): Promise<string> =>
  (await readFile(file, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-20).join('\n');
