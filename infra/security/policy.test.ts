import { readFile } from 'node:fs/promises';

const page = await readFile(new URL('../../SECURITY.md', import.meta.url), 'utf8');

/** The row of a table that begins with a number such as API1 or V6. */
const rowOf = (number: string): string => page.split('\n').find((line) => line.startsWith(`| ${number} `)) ?? '';

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

// That a link leads to a file is tested with all others (infra/docs/links.test.ts).
test.each([...numbered('API', 10), ...numbered('V', 17)])(
  'SECURITY.md says which test shows %s, or why none does',
  (number) => {
    expect(rowOf(number)).toMatch(/\]\([\w/.-]+\.test\.ts\)|does not apply: /);
  },
);
