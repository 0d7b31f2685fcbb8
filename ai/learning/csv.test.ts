import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { numberIn, readCsv } from './csv.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-csv-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const fileWith = async (name: string, content: string | Buffer): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};

test('reads the columns that are asked for, in any order, with quotes and empty cells', async () => {
  const path = await fileWith('a.csv', 'name,size,price\r\n"Mug, ""large""",,3.5\r\nPlate,2,\r\n');
  expect(readCsv(path, ['price', 'name', 'size'])).toEqual([
    { name: 'Mug, "large"', size: '', price: '3.5' },
    { name: 'Plate', size: '2', price: '' },
  ]);
});

test('reads packed files', async () => {
  const path = await fileWith('a.csv.gz', gzipSync('a,b\n1,2\n'));
  expect(readCsv(path, ['b'])).toEqual([{ b: '2' }]);
});

test('names a column or a line that is wrong', async () => {
  const path = await fileWith('a.csv', 'a,b\n1,2\n1,2,3\n');
  expect(() => readCsv(path, ['c'])).toThrow('has no column c; it needs c.');
  expect(() => readCsv(path, ['a'])).toThrow('line 3 has 3 cells, and the header 2.');
});

test.each(['', ' ', 'x', '1e999'])('refuses %p as a number', (cell) => {
  expect(() => numberIn('price', cell)).toThrow(`Column price holds "${cell}", which is no number.`);
});
