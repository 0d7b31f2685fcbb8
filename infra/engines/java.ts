import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../process/progress.ts';
import { runTool } from '../process/run-tool.ts';
import { debianHas } from './debian.ts';

const NEEDED = 17;

/** The `java` of a Java 17 or newer: that of JAVA_HOME, that of the path, or Debian's. Throws when there is none. */
export const java = async (progress: Progress): Promise<string> => {
  for (const file of candidates()) if ((await versionOf(file)) >= NEEDED) return file;
  await debianHas('openjdk-17-jre-headless', { what: `Java ${NEEDED}`, progress });
  return 'java';
};

const candidates = (): string[] => {
  const home = process.env['JAVA_HOME'];
  const own = home ? [join(home, 'bin', 'java')] : [];
  return [...own.filter(existsSync), 'java'];
};

/**
 * 0 when it does not run. `java -version` speaks on its error output, so its settings are asked for where they are
 * printed.
 */
const versionOf = async (file: string): Promise<number> => {
  const printed = await runTool({ file, args: ['--version'], folder: '/', failure: 'no Java' }).catch(() => '');
  return Number(/^\S+ (\d+)/.exec(printed)?.[1] ?? 0);
};
