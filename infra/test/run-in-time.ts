import { existsSync } from 'node:fs';
import { killChildProgram, startChildProgram } from '../process/child-program.ts';

export interface InTime {
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** An open file for all it prints; ours unless given. */
  output?: number | undefined;
  /** The file that the program writes last, if it does. */
  report?: string | undefined;
  /** How long it may go on after that. What a test left running would keep it for ever. */
  afterReportMs?: number;
  /** How long it may take in all; far more than any part of our tests does. */
  mostMs?: number;
}

const MINUTE_MS = 60_000;
const LOOK_EVERY_MS = 500;

/**
 * Runs a Node program; returns its exit code, or, of one that does not end and is killed with all that it started, why.
 */
export const runInTime = async (
  argv: readonly string[],
  { folder, environment, output, report, afterReportMs = MINUTE_MS, mostMs = 30 * MINUTE_MS }: InTime,
): Promise<number | string> => {
  const child = startChildProgram({
    ...{ file: process.execPath, args: argv, cwd: folder, environment, signal: 'TERM' },
    ...{ output: output ?? process.stdout.fd, errors: output ?? process.stderr.fd },
  });
  const started = performance.now();
  let reported: number | undefined;
  let late: string | undefined;
  let ending: Promise<void> | undefined;
  const watch = setInterval(() => {
    const now = performance.now();
    if (report !== undefined && existsSync(report)) reported ??= now;
    if (reported !== undefined && now - reported > afterReportMs) late ??= 'did not end: something it began still runs';
    if (now - started > mostMs) late ??= `was not done after ${Math.round(mostMs / MINUTE_MS)} minutes`;
    if (late) ending ??= killChildProgram(child);
  }, LOOK_EVERY_MS);
  const code = await new Promise<number>((resolve, reject) =>
    child.once('error', reject).once('close', (status) => resolve(status ?? 1)),
  );
  clearInterval(watch);
  await ending;
  return late ?? code;
};
