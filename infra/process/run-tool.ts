import { spawn } from 'node:child_process';

export interface Tool {
  file: string;
  args: readonly string[];
  folder: string;
  environment?: Record<string, string>;
  /** The error message when it fails: what happened, and what to do. */
  failure: string;
}

/**
 * Runs another program to its end and returns what it printed. Throws `failure` with the program's own last words when
 * it is missing or ends badly.
 */
export const runTool = async ({ file, args, folder, environment, failure }: Tool): Promise<string> => {
  const child = spawn(file, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let [printed, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors = (errors + chunk).slice(-4_000)));
  const code = await new Promise<number | string>((resolve) =>
    child
      .once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      .once('close', (status, signal) => resolve(status ?? signal ?? 'unknown')),
  );
  if (code === 0) return printed;
  const output = errors.trim() || printed.trim().slice(-4_000) || 'no output';
  throw new Error(`${failure} (${file} ended with ${code}: ${output})`);
};
