import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../../local/progress.ts';
import { runTool } from '../../local/run-tool.ts';
import { installOnce } from '../../local/user-cache.ts';
import { debianHas } from '../debian.ts';

export interface GoProgram {
  /** What the program is called. */
  name: string;
  title: string;
  /** For people: how much and how long. */
  cost: string;
  /** Its main package, and the version of its module. */
  source: string;
  version: string;
}

/** Builds a program from the Go module proxy, once per user and version. Answers its file. */
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

/** `go` of the path or where Go's own installer puts it; Debian's otherwise. A version that is too old fetches a newer one by itself. Throws, in words, when there is none. */
const go = async (progress: Progress): Promise<string> => {
  for (const file of ['go', '/usr/local/go/bin/go']) if (await runs(file)) return file;
  await debianHas('golang-go', { what: 'Go 1.21 or newer', progress });
  return 'go';
};

const runs = (file: string): Promise<boolean> =>
  file.startsWith('/') && !existsSync(file)
    ? Promise.resolve(false)
    : runTool({ file, args: ['version'], folder: '/', failure: 'no Go' }).then(
        () => true,
        () => false,
      );
