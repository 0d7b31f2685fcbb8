import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ChildProgram {
  file: string;
  args: readonly string[];
  cwd: string;
  environment?: NodeJS.ProcessEnv;
  /** The signal that asks the program to end cleanly. */
  signal: 'INT' | 'TERM';
  owner?: { uid: number; gid: number } | undefined;
  /** Where its output goes: nowhere, or into an open file. */
  output?: 'ignore' | number;
  /** An open file for its errors; without, they are for us to read (`collectErrors`). */
  errors?: number;
  /** How long it may take to end after the signal, before it is killed; for ever without. */
  endWithinSeconds?: number;
}

/**
 * Starts a program that ends with this process, however that ends: a guard shell waits on a pipe that closes with us,
 * and then sends the signal. Close it with `endChildProgram`.
 */
export const startChildProgram = ({
  file,
  args,
  cwd,
  environment,
  signal,
  owner,
  output,
  errors,
  endWithinSeconds,
}: ChildProgram): ChildProcess =>
  spawn('/bin/sh', ['-c', guard(signal, endWithinSeconds), 'guard', file, ...args], {
    stdio: ['pipe', output ?? 'ignore', errors ?? 'pipe'],
    detached: true,
    cwd,
    ...(environment ? { env: environment } : {}),
    ...owner,
  });

const guard = (signal: string, seconds: number | undefined): string =>
  `exec 3<&0; "$@" </dev/null & server=$!; (${untilLetGo}; kill -${signal} $server 2>/dev/null${seconds === undefined ? '' : `; ${killAfter(seconds)}`}) & watch=$!; exec 3<&-; wait $server; code=$?; kill $watch 2>/dev/null; exit $code`;

/**
 * Of the shell itself: nothing of the watch stays behind when the program ends by itself, and nothing is sent to its
 * number, which may be another's by then.
 */
const untilLetGo = 'read -r nothing <&3';

/** Looks every second whether it is gone, so that its number is never killed when it is another's. */
const killAfter = (seconds: number): string =>
  `i=0; while [ $i -lt ${seconds} ] && kill -0 $server 2>/dev/null; do sleep 1; i=$((i+1)); done; kill -KILL $server 2>/dev/null`;

/** Lets the guard go, so that the program is asked to end, and waits until it has. */
export const endChildProgram = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.stdin?.end();
  await closed;
};

/**
 * kill -9, for fault tests: the guard leads a process group of its own, and the program is in it with all that it
 * started.
 */
export const killChildProgram = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  if (child.pid) process.kill(-child.pid, 'SIGKILL');
  await closed;
  // The guard is gone at once; a program with much memory keeps its port for some milliseconds more. Not for ever:
  // where nobody buries the dead, they stay.
  for (let waited = 0; child.pid && isAlive(-child.pid) && waited < MOST_DYING_MS; waited += 10) await sleep(10);
};

const MOST_DYING_MS = 3_000;

/** Of a process, or by a negative number of a group. */
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** How a program ended, as text, once it has: the guard passes it on. */
export const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) =>
    child.once('close', (code, signal) => resolve(signal ? `signal ${signal}` : endedWith(code ?? 0))),
  );

/** A shell says 128 and more for a program that a signal ended. */
const endedWith = (code: number): string => {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return signal === undefined ? `exit code ${code}` : `signal ${signal}`;
};

/** The last 4,000 characters of a program's error output. */
export const collectErrors = (child: ChildProcess): (() => string) => {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-4_000)));
  return () => text;
};
