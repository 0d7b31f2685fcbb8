import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Progress } from '../../process/progress.ts';
import { runTool } from '../../process/run-tool.ts';
import { installOnce } from '../../process/user-cache.ts';
import { go } from '../go.ts';

export interface GoProgram {
  /** File name of the program. */
  name: string;
  title: string;
  /** For people: how much and how long. */
  cost: string;
  /** Its main package, and the version of its module. */
  source: string;
  version: string;
}

/** Builds a program from the Go module proxy, once per user and version. Returns its file. */
export const installGoProgram = async (program: GoProgram, progress: Progress): Promise<string> => {
  const { name, title, cost, source, version } = program;
  const hash = createHash('sha256').update(`${source}@${version}`).digest('hex').slice(0, 12);
  const folder = await installOnce({
    name: `${name}-${hash}`,
    title,
    cost,
    progress,
    build: async (building) => {
      await runTool({
        file: await go(progress),
        args: ['install', '-ldflags=-s -w', `${source}@${version}`],
        folder: building,
        environment: { GOBIN: building, GOTOOLCHAIN: process.env['GOTOOLCHAIN'] ?? 'auto' },
        failure: `${title} could not be built. Check that the Go module proxy can be reached (go env GOPROXY) and that 3 GB of disk are free, then try again.`,
      });
    },
  });
  return join(folder, name);
};
