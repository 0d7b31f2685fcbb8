import { dirname, join, normalize } from 'node:path/posix';

const CODE = /\.(ts|mjs|js)$/;
/** A path of ours in quotes: relative, from the root, or the bare name of a file beside. */
const NAMED =
  /['"`]((?:\.\.?\/|(?:microservices|ai|infra|nodes|credentials|workflows)\/)[^'"`\n]*|[\w-]+(?:\.[\w-]+)*\.(?:ts|mjs|json|xml|sql)|@fusioncommerce\/[\w-]+)['"`]/g;
const PACKAGES = new Map([['@fusioncommerce/embedded-kafka', 'infra/embedded-kafka/index.ts']]);

/** True for files that can name others. */
export const isCode = (file: string): boolean => CODE.test(file);

/**
 * Every path that a source names, from the root: imports, `new URL(…, import.meta.url)`, programs to start, globs. A
 * folder, or a path with a part that only the run knows, ends with "/". A name too much (in a comment, say) only makes
 * one more test run.
 */
export const referencesOf = (file: string, source: string): string[] => {
  const found = new Set<string>();
  for (const [, named = ''] of source.matchAll(NAMED)) {
    const path = fromRoot(file, named.replace(/[^/]*(\*|\$\{|\{).*$/, ''));
    if (path !== './' && path !== '.' && !path.startsWith('..')) found.add(path);
  }
  return [...found];
};

const fromRoot = (file: string, named: string): string => {
  const known = PACKAGES.get(named);
  if (known !== undefined) return known;
  return /^\.|^[^/]+$/.test(named) ? join(dirname(file), named) : normalize(named);
};
