import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { User } from '../sign-in/exchange.ts';

/** The broker as a process of its own, as its command starts it. */
export type BrokerProcess = {
  readonly child: ChildProcess;
  readonly address: { readonly host: string; readonly port: number };
  /** Ends it with a signal; the exit code, null when the signal killed it. */
  readonly end: (signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT') => Promise<number | null>;
};

const command = fileURLToPath(new URL('../main.ts', import.meta.url));

export async function startProcess(dataDir: string, port = 0, user?: User): Promise<BrokerProcess> {
  const signIn = user ? ['--username', user.username] : [];
  const child = spawnBroker(['--data', dataDir, '--port', String(port), ...signIn], user?.password);
  for await (const line of createInterface({ input: child.stdout })) {
    const listening = /^listening on (.+):(\d+)$/.exec(line);
    if (listening === null) continue;
    const address = { host: listening[1] ?? '', port: Number(listening[2]) };
    return { child, address, end: (signal) => endProcess(child, signal) };
  }
  throw new Error('the broker ended before it listened');
}

const spawnBroker = (args: readonly string[], password?: string) =>
  spawn(process.execPath, [command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: password === undefined ? {} : { KAFKA_PASSWORD: password },
  });

async function endProcess(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}

/** Runs the command to its end. */
export async function runCommand(
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }> {
  const child = spawnBroker(args);
  const [output, errors]: [string[], string[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, output: output.join(''), errors: errors.join('') };
}
