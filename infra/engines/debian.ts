import type { Progress } from '../process/progress.ts';
import { runTool } from '../process/run-tool.ts';

/**
 * Installs a package of Debian's where that is ours to do: as root on a CI machine. Elsewhere it throws, saying what is
 * missing and how to get it: nobody's machine is changed unasked.
 */
export const debianHas = async (
  packages: string,
  { what, progress }: { what: string; progress: Progress },
): Promise<void> => {
  const missing = `${what} is needed and was not found.`;
  if (!process.env['CI'] || process.getuid?.() !== 0)
    throw new Error(`${missing} Install it (on Debian: sudo apt-get install ${packages}) and try again.`);
  progress.say(`${missing} Installing ${packages} …`);
  const apt = (args: string[]): Promise<string> =>
    runTool({
      file: 'apt-get',
      args: ['-qq', ...args],
      folder: '/',
      environment: { DEBIAN_FRONTEND: 'noninteractive' },
      failure: `${missing} Debian's ${packages} could not be installed.`,
    });
  await apt(['update']);
  await apt(['install', '-y', '--no-install-recommends', ...packages.split(' ')]);
};
