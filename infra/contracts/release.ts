import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { allContracts } from '../../ai/contracts.ts';
import { changesSinceRelease, documentsOf, releasedDomains, releasedFile } from './documents.ts';

/**
 * Makes the present contracts the released ones: what is written here must keep working from now on. Refuses when they
 * break the last release, unless told `--breaking`, which belongs to a new major version and a line in the CHANGELOG.
 */
const release = async (allowBreaking: boolean): Promise<void> => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const changes = await changesSinceRelease();
  for (const { where, what } of changes) console.error(`  ${where}: ${what}`);
  if (changes.length > 0 && !allowBreaking) {
    throw new Error(
      `${changes.length} changes would break what uses the last release. Undo them, add a version beside the old one, or say --breaking.`,
    );
  }
  await removeDomains(await releasedDomains());
  for (const contract of allContracts) {
    const { openApi, asyncApi } = await documentsOf([contract], version);
    await writeDocument(releasedFile(contract.domain, 'openapi'), openApi);
    await writeDocument(releasedFile(contract.domain, 'asyncapi'), asyncApi);
  }
  const count = (part: 'operations' | 'events'): number =>
    allContracts.reduce((sum, contract) => sum + Object.keys(contract[part]).length, 0);
  console.log(`Released ${count('operations')} operations and ${count('events')} events as ${version}.`);
};

const removeDomains = async (domains: readonly string[]): Promise<void> => {
  const files = domains.flatMap((domain) => [releasedFile(domain, 'openapi'), releasedFile(domain, 'asyncapi')]);
  await Promise.all(files.map((file) => rm(file, { force: true })));
};

const writeDocument = async (file: URL, document: object): Promise<void> => {
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, `${JSON.stringify(document, null, 1)}\n`);
};

await release(process.argv.includes('--breaking')).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
