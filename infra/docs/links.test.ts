import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { repositoryFiles } from '../test/select/repository.ts';

const root = new URL('../../', import.meta.url).pathname;

/** The anchors that GitHub gives to a page's headings. */
const anchorsOf = (page: string): string[] =>
  [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

const isBroken = async (page: string, link: string): Promise<boolean> => {
  const [path = '', anchor] = link.split('#');
  const target = join(root, path === '' ? page : join(dirname(page), path));
  if (!existsSync(target)) return true;
  return anchor !== undefined && !anchorsOf(await readFile(target, 'utf8')).includes(anchor);
};

/** Its links hold where `npm run new:domain` writes it. */
const isExample = (file: string): boolean => file.startsWith('infra/new-domain/example/');

test('every link to a file or heading of the repository leads somewhere', async () => {
  const pages = (await repositoryFiles(root)).filter(
    (file) => file.endsWith('.md') && !isExample(file) && existsSync(join(root, file)),
  );
  const broken: string[] = [];
  for (const page of pages) {
    const text = await readFile(join(root, page), 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g))
      if (!/^[a-z]+:/.test(link) && (await isBroken(page, link))) broken.push(`${page}: ${link}`);
  }
  expect(pages.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});
