import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { brokenEvents, brokenOperations } from '../../microservices/chassis/contract/documents/evolution.ts';
import { presentDocuments, releasedFolder, type PublishedDocuments } from './documents.ts';

/**
 * Makes the present contracts the released ones: what is written here must keep working from now on. Refuses when they break the last
 * release, unless told `--breaking`, which belongs to a new major version and a line in the CHANGELOG.
 */
const release = async (allowBreaking: boolean): Promise<void> => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const present = await presentDocuments(version);
  const changes = await changesSinceRelease(present);
  for (const { where, what } of changes) console.error(`  ${where}: ${what}`);
  if (changes.length > 0 && !allowBreaking) {
    throw new Error(
      `${changes.length} changes would break what uses the last release. Undo them, add a version beside the old one, or say --breaking.`,
    );
  }
  await mkdir(releasedFolder, { recursive: true });
  await writeDocument('openapi.json', present.openApi);
  await writeDocument('asyncapi.json', present.asyncApi);
  console.log(
    `Released ${Object.keys(present.openApi.paths ?? {}).length} paths and ${Object.keys(present.asyncApi.components.messages).length} events as ${version}.`,
  );
};

const changesSinceRelease = async (present: PublishedDocuments) => {
  const [openApi, asyncApi] = await Promise.all([readReleased('openapi.json'), readReleased('asyncapi.json')]);
  return [
    ...(openApi ? brokenOperations(openApi as PublishedDocuments['openApi'], present.openApi) : []),
    ...(asyncApi ? brokenEvents(asyncApi as PublishedDocuments['asyncApi'], present.asyncApi) : []),
  ];
};

const readReleased = async (name: string): Promise<unknown> => {
  const text = await readFile(new URL(name, releasedFolder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : JSON.parse(text);
};

const writeDocument = (name: string, document: object): Promise<void> =>
  writeFile(new URL(name, releasedFolder), `${JSON.stringify(document, null, 1)}\n`);

await release(process.argv.includes('--breaking')).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
