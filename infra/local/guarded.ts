import { spawn, type ChildProcess } from 'node:child_process';

export interface Guarded {
  file: string;
  args: readonly string[];
  cwd: string;
  environment?: Record<string, string>;
  /** What asks the program to end cleanly. */
  signal: 'INT' | 'TERM';
  owner?: { uid: number; gid: number } | undefined;
  /** Where its output goes; errors are always readable by us as well. */
  output?: 'ignore' | number;
}

/**
 * Starts a program that ends with this process, however that ends: a guard shell waits on a pipe that closes with us, and then sends the signal. Close
 * it with `endGuarded`.
 */
export const startGuarded = ({ file, args, cwd, environment, signal, owner, output }: Guarded): ChildProcess =>
  spawn('/bin/sh', ['-c', guard(signal), 'guard', file, ...args], {
    stdio: ['pipe', output ?? 'ignore', 'pipe'],
    detached: true,
    cwd,
    ...(environment ? { env: environment } : {}),
    ...owner,
  });

const guard = (signal: string): string =>
  `exec 3<&0; "$@" </dev/null & server=$!; (cat <&3 >/dev/null; kill -${signal} $server 2>/dev/null) & exec 3<&-; wait $server`;

/** Lets the guard go, so that the program is asked to end, and waits until it has. */
export const endGuarded = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.stdin?.end();
  await closed;
};

/** The last 4,000 characters that a program said on its error output. */
export const collectErrors = (child: ChildProcess): (() => string) => {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-4_000)));
  return () => text;
};
