import { readFile } from 'node:fs/promises';
import { allContracts } from '../../ai/contracts.ts';
import { architectureFile, drawArchitecture } from './architecture.ts';

test('the picture of the architecture is up to date (npm run docs draws it)', async () => {
  expect(await readFile(architectureFile, 'utf8')).toBe(await drawArchitecture());
});

test('it shows every service with its topic', async () => {
  const picture = await drawArchitecture();
  for (const { domain, title } of allContracts)
    expect(picture).toMatch(new RegExp(`>${title}( model)?<[^]*>commerce\\.${domain}<`));
});
