import { readFile, writeFile } from 'node:fs/promises';
import { digestIn, withDigest } from './digest.ts';

// `npm run promote -- dev sha256:…` deploys a build to dev; `npm run promote -- staging` takes the digest of dev there,
// `npm run promote -- prod` that of staging. Commit what it changed: Argo CD does the rest.

const BEFORE: Record<string, string | undefined> = { staging: 'dev', prod: 'staging' };
const fileOf = (environment: string): URL => new URL(`environments/${environment}/values.yaml`, import.meta.url);
const USAGE = 'Usage: npm run promote -- dev DIGEST | staging | prod';

const main = async ([environment = '', given]: readonly string[]): Promise<void> => {
  const before = BEFORE[environment];
  const isBuild = environment === 'dev' && given !== undefined;
  if (!isBuild && (before === undefined || given !== undefined)) throw new Error(USAGE);
  const digest = before === undefined ? (given ?? '') : digestIn(await readFile(fileOf(before), 'utf8'));
  await writeFile(fileOf(environment), withDigest(await readFile(fileOf(environment), 'utf8'), digest));
  console.log(`${environment} runs ${digest} once this is committed.`);
};

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
});
