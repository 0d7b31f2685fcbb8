import { open, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { endChildProgram, endOf, startChildProgram } from '../process/child-program.ts';

const until = untilWithin(240_000);

interface Command {
  /** A file of infra. */
  file: 'local/main.ts' | 'local/demo.ts' | 'serve/main.ts';
  args: readonly string[];
  /** Its variables, beside PATH, HOME and where caches are. */
  environment: Record<string, string>;
  /** The file that keeps everything it prints. */
  log: string;
}

export interface RunningCommand {
  printed(): Promise<string>;
  /** Waits until it has printed a text. Throws with its output when it ends before. */
  untilSaid(text: string): Promise<void>;
  /** How it ended, in words: "exit code 0". */
  ended: Promise<string>;
  /** Asks it to end, as Ctrl-C does. */
  stop(): Promise<void>;
}

/** Runs a command of the platform as a process of its own, which ends with this one. */
export const startCommand = async ({ file, args, environment, log }: Command): Promise<RunningCommand> => {
  const kept = ['PATH', 'HOME', 'XDG_CACHE_HOME'].flatMap((name): [string, string][] => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const output = await open(log, 'w');
  const child = startChildProgram({
    file: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', `infra/${file}`, ...args],
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    environment: { ...Object.fromEntries(kept), ...environment },
    signal: 'TERM',
    output: output.fd,
    errors: output.fd,
    endWithinSeconds: 30,
  });
  const ended = endOf(child);
  await output.close();
  const printed = (): Promise<string> => readFile(log, 'utf8');
  return {
    printed,
    untilSaid: async (text) => {
      let how: string | undefined;
      void ended.then((end) => (how = end));
      await until(async () => {
        if ((await printed()).includes(text)) return true;
        if (how) throw new Error(`${file} ended (${how}) before it printed "${text}":\n${await printed()}`);
        return false;
      });
    },
    ended,
    stop: () => endChildProgram(child),
  };
};
