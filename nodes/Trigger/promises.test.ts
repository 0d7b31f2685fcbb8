import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const page = readFileSync(join(folder, 'README.md'), 'utf8');

/** The rows of the page's table, each with the tests that it names. */
const points = [...page.matchAll(/^\| (\d+) +\|(.*)$/gm)].map(([, number, row = '']) => ({
  number: Number(number),
  tests: [...row.matchAll(/\]\(([^)]+\.test\.ts)\): “([^”]+)”/g)].map(([, file = '', title = '']) => ({ file, title })),
}));

test('the trigger has sixteen points, each with a test', () => {
  expect(points.map(({ number }) => number)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
  expect(points.filter(({ tests }) => tests.length === 0)).toEqual([]);
});

test.each(points.flatMap(({ tests }) => tests))('$file has the test “$title”', ({ file, title }) => {
  expect(readFileSync(join(folder, file), 'utf8')).toContain(`test('${title}'`);
});
