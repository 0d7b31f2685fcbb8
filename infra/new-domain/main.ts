import { join } from 'node:path';
import { runTool } from '../process/run-tool.ts';
import { domainFrom, readExample } from './example.ts';
import { readNames } from './names.ts';
import { nextSteps } from './next-steps.ts';
import { Refusal } from './refusal.ts';
import { freePrefix, refuseClash, refuseTaken } from './taken.ts';
import { touchPoints } from './touch-points.ts';
import { writeAllOrNothing, type LastStep } from './write.ts';

const USAGE = `Usage: npm run new:domain DOMAIN [THING]

Makes a domain that works from the example in infra/new-domain/example: service, node, workflow template and tests.
DOMAIN  one lower-case word: folder, schema, scope and topic ("returns", "loyalty")
THING   what it keeps, in the singular, words joined by dashes ("return-request"); the singular of DOMAIN unless given`;

const root = join(import.meta.dirname, '../..');

const docs: LastStep = {
  writes: ['infra/SETTINGS.md', 'infra/docs/architecture.svg'],
  run: async () => {
    await runTool({
      ...{ file: process.execPath, args: ['infra/docs/main.ts'], folder: root },
      failure: 'npm run docs failed, so nothing was added.',
    });
  },
};

const makeDomain = async (args: readonly string[]): Promise<string> => {
  const wanted = readNames(args);
  const example = await readExample(root);
  await refuseTaken(root, wanted);
  refuseClash(example, wanted);
  const names = { ...wanted, prefix: await freePrefix(root, wanted.thing) };
  const files = domainFrom(example, names);
  await writeAllOrNothing(root, new Map([...files, ...(await touchPoints(root, names))]), docs);
  return nextSteps(names, [...files.keys()]);
};

const args = process.argv.slice(2);
if (args.length === 0 || args.includes('--help')) console.log(USAGE);
else
  await makeDomain(args).then(console.log, (error: unknown) => {
    console.error(error instanceof Refusal ? error.message : error);
    process.exitCode = 1;
  });
