import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { featuresOfTransactions, readTransactions } from './handbook.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-handbook-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const fileOf = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
};
const HEADER = 'TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD,TX_FRAUD_SCENARIO';

test('transactions are read by their columns, gzipped or not, and sorted by time', async () => {
  const text = `${HEADER}\n2,2018-06-02 10:00:00,c2,t1,20.50,1,2\n1,2018-06-01 09:00:00,c1,t1,10.00,0,0\n`;
  const read = await readTransactions(await fileOf('a.csv.gz', text));
  expect(read).toEqual([
    { id: '1', at: Date.UTC(2018, 5, 1, 9), customerId: 'c1', terminalId: 't1', amount: 1_000, fraud: false },
    { id: '2', at: Date.UTC(2018, 5, 2, 10), customerId: 'c2', terminalId: 't1', amount: 2_050, fraud: true },
  ]);
  expect(await readTransactions(await fileOf('a.csv', text))).toEqual(read);
});

test('a file of another form is refused, naming what is missing or wrong', async () => {
  await expect(readTransactions(await fileOf('b.csv', 'A,B\n1,2\n'))).rejects.toThrow('no column TRANSACTION_ID');
  const wrong = await fileOf('c.csv', `${HEADER}\n9,yesterday,c1,t1,10.00,0,0\n`);
  await expect(readTransactions(wrong)).rejects.toThrow('transaction 9 has time "yesterday"');
});

test('a terminal’s fraud is seen by others only once its label has had its week to come in', () => {
  const at = (day: number): number => Date.UTC(2018, 5, day, 12);
  const transaction = (id: string, day: number, fraud = false) => ({
    id,
    at: at(day),
    customerId: `customer ${id}`,
    terminalId: 't1',
    amount: 1_000,
    fraud,
  });
  const rows = featuresOfTransactions(
    [transaction('1', 1, true), transaction('2', 7), transaction('3', 9)],
    ({ id }) => id !== '1',
  );
  expect(rows.map(({ features }) => features.entityRisk)).toEqual([0.005, 1.05 / 11]);
});
