import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { debianHas } from '../../engines/debian.ts';
import type { Progress } from '../../process/progress.ts';
import { runTool } from '../../process/run-tool.ts';
import { installOnce } from '../../process/user-cache.ts';

const LOCK = fileURLToPath(new URL('requirements.txt', import.meta.url));
const WANTED = 'Python 3.11 or newer with its venv module';

/** Prints the version where it will do. */
const PROBE = 'import ensurepip, sys, venv; assert sys.version_info >= (3, 11); print("%d.%d" % sys.version_info[:2])';

const pythonVersion = (): Promise<string | undefined> =>
  promisify(execFile)('python3', ['-c', PROBE]).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );

/**
 * Installs Schemathesis once for a user, as the lock file says, and returns the Python that runs it. Throws in plain
 * words where this machine has no Python that will do and none may be installed.
 */
export const installSchemathesis = async (progress: Progress): Promise<string> => {
  if (!(await pythonVersion())) await debianHas('python3 python3-venv', { what: WANTED, progress });
  const version = await pythonVersion();
  if (!version)
    throw new Error(`${WANTED} is needed, and the python3 of this machine is another. Install it and try again.`);
  const hash = createHash('sha256')
    .update(await readFile(LOCK))
    .digest('hex')
    .slice(0, 12);
  const folder = await installOnce({
    name: `schemathesis-${hash}-python-${version}`,
    title: 'Schemathesis',
    cost: 'about 80 MB and half a minute',
    progress,
    build: async (building) => {
      const venv = join(building, 'venv');
      const failure = 'Schemathesis could not be installed from PyPI.';
      await runTool({ file: 'python3', args: ['-m', 'venv', venv], folder: building, failure });
      await runTool({
        file: join(venv, 'bin/python'),
        args: ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--only-binary', ':all:', '-r', LOCK],
        folder: building,
        failure,
      });
    },
  });
  // Its scripts hold the path they were built at, so that it runs as a module.
  return join(folder, 'venv/bin/python');
};
