import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { catalog } from '../../microservices/catalog/index.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { customers } from '../../microservices/customers/index.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { inventory } from '../../microservices/inventory/index.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { startTestPlatform, type TestPlatform } from '../test/platform.ts';
import { noBars } from './bars.ts';
import { importOnlineRetail } from './import-online-retail.ts';

const excerpt = fileURLToPath(new URL('./excerpt/online-retail-excerpt.csv', import.meta.url));
const program = fileURLToPath(new URL('./online-retail.ts', import.meta.url));

/** Orders are elsewhere: only their topic is needed. */
const remote = [{ contract: ordersContract, url: 'http://127.0.0.1:9' }];

let platform: TestPlatform;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'online-retail-'));
  platform = await startTestPlatform({ services: [catalog, customers, inventory], remote });
});
afterAll(async () => {
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
});

const bringIn = (file: string, report: string) =>
  importOnlineRetail({ url: platform.url, credential: platform.adminKey, bar: noBars, width: 4, file, report });

/** The rows of the three schemas, as far as an import can change them. */
const holdings = async () => {
  const one = async (domain: string, sql: string) =>
    (await platform.database(domain).one<{ count: number }>(sql)).count;
  return {
    products: await one('catalog', 'SELECT count(*) FROM product'),
    versions: await one('catalog', 'SELECT sum(version)::bigint AS count FROM product'),
    prices: await one('catalog', 'SELECT count(*) FROM price_version'),
    customers: await one('customers', `SELECT count(*) FROM customer`),
    units: await one('inventory', 'SELECT coalesce(sum(on_hand), 0)::bigint AS count FROM level'),
  };
};

test('the excerpt of the real books becomes a shop, and every line is accounted for', async () => {
  const report = join(folder, 'excerpt.csv');
  const result = await bringIn(excerpt, report);
  expect(result.products).toMatchObject({ created: 15, refused: new Map() });
  expect(result.summary.read).toBe(31);
  expect(result.summary.taken).toEqual({ sale: 13, cancellation: 2 });
  expect(Object.values(result.summary.rejected).reduce((sum, count) => sum + count, 0)).toBe(16);

  const rejected = (await readFile(report, 'utf8')).trimEnd().split('\n');
  expect(rejected[0]).toBe('line,code,reason,value');
  expect(rejected).toHaveLength(1 + 16);
  expect(rejected).toContain('16,charge_postage,Postage is no merchandise,POST');
  expect(JSON.parse(await readFile(join(folder, 'excerpt.json'), 'utf8'))).toEqual(result.summary);

  const shopper = platform.client(catalogContract, { credential: '' });
  const { lines } = await shopper.resolvePrices({ lines: [{ sku: '84030E', quantity: 1 }], currency: 'GBP' });
  expect(lines).toMatchObject([
    { title: 'ENGLISH ROSE HOT WATER BOTTLE', unitPrice: { amount: 847, currency: 'GBP' } },
  ]);
  const { items } = await shopper.searchProducts({ query: 'blocks', currency: 'GBP' });
  expect(items.map((item) => item.skus)).toEqual(expect.arrayContaining([['22622'], ['21755']]));
  const stock = await platform.client(inventoryContract).getAvailability({ skus: ['22492', '22631'] });
  expect(stock.items.map((item) => item.available)).toEqual([36, 0]);
  const found = await platform
    .client(customersContract)
    .listCustomers({ email: 'customer-14911@online-retail.example' });
  expect(found.items).toMatchObject([
    { country: 'IE', tags: ['online-retail'], metadata: { customerNumber: '14911' } },
  ]);
});

test('a second time changes nothing', async () => {
  await bringIn(excerpt, join(folder, 'first.csv'));
  const before = await holdings();
  const again = await bringIn(excerpt, join(folder, 'second.csv'));
  expect(again).toMatchObject({
    products: { created: 0, updated: 0 },
    customers: { created: 0 },
    stock: { received: 0 },
  });
  expect(await holdings()).toEqual(before);
  expect(await readFile(join(folder, 'second.csv'), 'utf8')).toBe(await readFile(join(folder, 'first.csv'), 'utf8'));
});

/** Books of a shop with as many customers and articles as asked, two lines each, sold 1 + 2 units. */
const books = (count: number): string =>
  [
    'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
    ...Array.from({ length: 2 * count }, (_, index) => {
      const number = index % count;
      return `${600_000 + index},${30_000 + number},THING ${number},${index < count ? 1 : 2},2011-01-0${1 + (index % 9)}T10:00:00,1.25,${20_000 + number},France`;
    }),
  ].join('\n');

const start = (file: string): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--no-warnings',
      program,
      '--url',
      platform.url,
      '--key',
      platform.adminKey,
      '--file',
      file,
      '--report',
      join(folder, 'killed.csv'),
    ],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );

test('killed in the middle of customers and in the middle of stock, it continues and everything is there once', async () => {
  const file = join(folder, 'books.csv');
  await writeFile(file, books(150));
  const before = await holdings();
  const killWhen = async (reached: () => Promise<boolean>): Promise<void> => {
    const running = start(file);
    const ended = once(running, 'exit');
    await until(async () => running.exitCode !== null || (await reached()));
    running.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
  };
  await killWhen(async () => (await holdings()).customers >= before.customers + 30);
  await killWhen(async () => (await holdings()).units >= before.units + 90);

  const last = start(file);
  let printed = '';
  last.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  expect(await once(last, 'exit')).toEqual([0, null]);
  const after = await holdings();
  expect(after).toEqual({
    products: before.products + 150,
    versions: before.versions + 150,
    prices: before.prices + 150,
    customers: before.customers + 150,
    units: before.units + 450,
  });
  expect(printed).toContain('300 lines read, 300 taken:');
});

test('what the catalog refuses is in the report, with its lines', async () => {
  const file = join(folder, 'odd.csv');
  await writeFile(file, books(3).replaceAll('THING 1', 'THING \u0000'));
  const { products, summary } = await bringIn(file, join(folder, 'odd-report.csv'));
  expect([...products.refused.keys()]).toEqual(['30001']);
  expect(summary).toMatchObject({ read: 6, taken: { sale: 4 }, rejected: { refused_by_catalog: 2 } });
  expect(await readFile(join(folder, 'odd-report.csv'), 'utf8')).toMatch(
    /^3,refused_by_catalog,.*NUL character.*,30001$/m,
  );
});
