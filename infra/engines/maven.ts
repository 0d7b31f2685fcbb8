import { createHash } from 'node:crypto';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../process/progress.ts';
import { runTool } from '../process/run-tool.ts';
import { installOnce } from '../process/user-cache.ts';
import { debianHas } from './debian.ts';

export interface Jars {
  /** For the cache folder's name. */
  name: string;
  title: string;
  cost: string;
  /** Names the artifacts and their versions. */
  pom: URL;
  progress: Progress;
}

/** The jars of a pom.xml with all they depend on, once per user and version, by Maven. Returns their folder. */
export const jarsOf = async ({ name, title, cost, pom, progress }: Jars): Promise<string> => {
  const hash = createHash('sha256')
    .update(await readFile(pom))
    .digest('hex')
    .slice(0, 12);
  const folder = await installOnce({
    name: `${name}-${hash}`,
    title,
    cost,
    progress,
    build: async (building) => {
      if (!(await hasMaven())) await debianHas('maven openjdk-17-jre-headless', { what: 'Maven', progress });
      await cp(pom, join(building, 'pom.xml'));
      await runTool({
        file: 'mvn',
        args: ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=jars'],
        folder: building,
        failure: `${title} could not be fetched from Maven Central. Check the network and Maven's settings, then try again.`,
      });
    },
  });
  return join(folder, 'jars');
};

const hasMaven = (): Promise<boolean> =>
  runTool({ file: 'mvn', args: ['--version'], folder: '/', failure: 'no Maven' }).then(
    () => true,
    () => false,
  );
