import { chmod, cp, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../process/progress.ts';
import { runTool } from '../process/run-tool.ts';
import { installOnce } from '../process/user-cache.ts';
import { debianHas } from './debian.ts';

/** Since 1.21 Go fetches the newer Go that a module asks for by itself. */
const FETCHES_NEWER_SINCE = 21;
const TOOLCHAIN = '1.26.0';

/**
 * A `go` that can build modules of today: that of the path or where Go's own installer puts it, or Debian's. One older
 * than 1.21 (Debian 12 has 1.19) only fetches a newer one, from the Go module proxy. Throws when there is none.
 */
export const go = async (progress: Progress): Promise<string> => {
  const found = await present();
  const file = found?.file ?? (await debianGo(progress));
  const minor = found?.minor ?? (await minorOf(file));
  return minor >= FETCHES_NEWER_SINCE ? file : join(await toolchain(file, progress), 'bin', 'go');
};

const present = async (): Promise<{ file: string; minor: number } | undefined> => {
  for (const file of ['go', '/usr/local/go/bin/go']) {
    const minor = await minorOf(file);
    if (minor > 0) return { file, minor };
  }
  return undefined;
};

const debianGo = async (progress: Progress): Promise<string> => {
  await debianHas('golang-go', { what: 'Go', progress });
  return 'go';
};

/** "go version go1.26.8 linux/amd64" is 26; 0 when it does not run. */
const minorOf = async (file: string): Promise<number> => {
  if (file.startsWith('/') && !existsSync(file)) return 0;
  const printed = await runTool({ file, args: ['version'], folder: '/', failure: 'no Go' }).catch(() => '');
  return Number(/go1\.(\d+)/.exec(printed)?.[1] ?? 0);
};

/**
 * Go itself as the module golang.org/toolchain (https://go.dev/ref/mod#toolchain): a module holds no file that may be
 * executed, so that is given back here.
 */
const toolchain = (old: string, progress: Progress): Promise<string> =>
  installOnce({
    name: `go-${TOOLCHAIN}`,
    title: `Go ${TOOLCHAIN}`,
    cost: '70 MB, half a minute',
    progress,
    build: async (building) => {
      const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
      const module = `golang.org/toolchain@v0.0.1-go${TOOLCHAIN}.${platform}`;
      const described = await runTool({
        file: old,
        args: ['mod', 'download', '-json', module],
        folder: building,
        failure: `Go ${TOOLCHAIN} could not be fetched. Check that the Go module proxy can be reached (go env GOPROXY), then try again.`,
      });
      await cp((JSON.parse(described) as { Dir: string }).Dir, building, { recursive: true, force: true });
      await executable(building);
    },
  });

const executable = async (root: string): Promise<void> => {
  const tools = join(root, 'pkg', 'tool');
  await chmod(root, 0o755);
  for (const folder of [join(root, 'bin'), ...(await readdir(tools)).map((name) => join(tools, name))])
    for (const name of await readdir(folder)) await chmod(join(folder, name), 0o755);
};
