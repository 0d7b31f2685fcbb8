import { randomBytes } from 'node:crypto';
import { isQuery, takesVersion } from '../../microservices/chassis/contract/index.ts';
import { catalog } from '../../microservices/catalog/index.ts';
import { customers } from '../../microservices/customers/index.ts';
import { inventory } from '../../microservices/inventory/index.ts';
import { notifications } from '../../microservices/notifications/index.ts';
import { orders } from '../../microservices/orders/index.ts';
import { allServices } from '../platform/services.ts';
import { operationsOf } from '../../microservices/chassis/contract/identifiers.ts';
import { sendOperation } from './operations/send.ts';
import { titleOf } from './operations/workshop.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  const services = [catalog, customers, inventory, notifications, orders];
  const contracts = allServices.map(({ contract }) => contract);
  const own = new Set(services.map(({ contract }) => contract.domain));
  const remote = contracts
    .filter(({ domain }) => !own.has(domain))
    .map((contract) => ({ contract, url: 'http://127.0.0.1:9' }));
  platform = await startTestPlatform({ services, remote });
});
afterAll(() => platform.stop());

const operations = new Map(operationsOf(allServices.map(({ contract }) => contract)).map((one) => [titleOf(one), one]));

const fresh = (): string => `n${randomBytes(6).toString('hex')}`;

/** Operations that make a thing under a name of the caller's, or change it: each with input for a new one. */
const MAKERS: Readonly<Record<string, () => object>> = {
  'catalog.defineAttribute': () => ({ code: fresh(), title: { en: 'Colour' }, type: 'text' }),
  'catalog.defineFamily': () => ({ code: fresh(), title: { en: 'Mugs' } }),
  'orders.setShippingMethod': () => ({
    ...{ code: fresh(), currency: 'EUR', title: 'Parcel' },
    rates: [{ countries: ['DE'], upToGrams: null, amount: 490, freeFrom: null }],
  }),
  'customers.saveGroup': () => ({ code: fresh(), title: 'Friends' }),
  'notifications.saveTemplate': () => ({
    ...{ template: fresh(), locale: 'en', title: 'Hello', purpose: 'transactional', subject: 'Hello', text: 'Hello' },
  }),
  'inventory.setItem': () => ({ sku: fresh().toUpperCase(), name: 'Mug' }),
};

const TIMES = 8;

/** Sends the same input so many times at once; returns the statuses and the versions that came back, sorted. */
const atOnce = async (title: string, input: object): Promise<{ statuses: number[]; versions: number[] }> => {
  const operation = operations.get(title);
  if (!operation) throw new Error(`There is no operation ${title}.`);
  const sent = await Promise.all(
    Array.from({ length: TIMES }, () =>
      sendOperation(platform.url, operation, input, { credential: platform.adminKey }),
    ),
  );
  const versions = sent.flatMap(({ status, body }) => (status < 300 ? [(body as { version: number }).version] : []));
  return {
    statuses: sent.map(({ status }) => status).toSorted((left, right) => left - right),
    versions: versions.toSorted((left, right) => left - right),
  };
};

test('every operation that makes a thing by its name and takes a version is tried here', () => {
  const puts = [...operations].filter(
    ([, { declared }]) => declared.method === 'PUT' && !isQuery(declared) && takesVersion(declared),
  );
  const byName = puts.filter(([, { declared }]) => !/\{\w+Id\}/.test(declared.path)).map(([title]) => title);
  expect(Object.keys(MAKERS).toSorted()).toEqual(expect.arrayContaining(byName.toSorted()));
});

describe.each(Object.keys(MAKERS))('%s', (title) => {
  const input = (): object => MAKERS[title]?.() ?? {};

  test('made by several at once, has each version once', async () => {
    const { statuses, versions } = await atOnce(title, input());
    expect(statuses).toEqual(Array.from({ length: TIMES }, () => 200));
    expect(versions).toEqual(Array.from({ length: TIMES }, (_, index) => index + 1));
  });

  test('made by several at once who know of none, is made by one of them', async () => {
    const { statuses, versions } = await atOnce(title, { ...input(), expectedVersion: 0 });
    expect(versions).toEqual([1]);
    expect(statuses).toEqual([200, ...Array.from({ length: TIMES - 1 }, () => 409)]);
  });
});
