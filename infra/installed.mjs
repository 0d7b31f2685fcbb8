import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// Tells whether node_modules is what package-lock.json names. Plain JavaScript, no dependency: it runs before anything
// is installed.

/** npm's own note of what it installed. */
const NOTE = 'node_modules/.package-lock.json';

const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
};

/** How a package in node_modules differs from the lock file; undefined when it does not. */
const differenceOf = (root, path, noted, locked) => {
  if (!locked) return 'is not in package-lock.json';
  if (noted.version !== locked.version || noted.integrity !== locked.integrity) return `should be ${locked.version}`;
  if (noted.link || !noted.version) return undefined;
  const { version } = readJson(join(root, path, 'package.json'));
  return version === noted.version ? undefined : `should be ${locked.version}`;
};

/**
 * How node_modules differs from package-lock.json, a line for each package. Optional packages may be left out: those of
 * other platforms are. A look into every package's version takes some hundredths of a second and finds what was
 * installed, changed or deleted by hand since.
 */
export const differences = (root) => {
  const { packages: locked = {} } = readJson(join(root, 'package-lock.json'));
  const { packages: noted = {} } = readJson(join(root, NOTE));
  const changed = Object.entries(noted)
    .map(([path, note]) => [path, differenceOf(root, path, note, locked[path])])
    .filter(([, difference]) => difference);
  const missing = Object.entries(locked)
    .filter(([path, { optional, devOptional }]) => path && !optional && !devOptional && !noted[path])
    .map(([path]) => [path, 'is missing']);
  return [...changed, ...missing].map(([path, difference]) => `${path} ${difference}`);
};

/** The state of an installation as one text: the lock file, and what npm could not bring in line with it. */
export const stateOf = (root) => {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return [createHash('sha256').update(lock).digest('hex'), ...differences(root)].join('\n');
};
