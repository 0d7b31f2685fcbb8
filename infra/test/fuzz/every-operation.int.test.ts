import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { z } from 'zod';
import { pathOf, type Contract, type Operation } from '../../../microservices/chassis/contract/index.ts';
import { inventoryContract } from '../../../microservices/inventory/contract.ts';
import { ordersContract } from '../../../microservices/orders/contract.ts';
import { walletContract } from '../../../microservices/wallet/contract.ts';
import { createDemoData } from '../../local/demo-data.ts';
import { allServices } from '../../platform/services.ts';
import { startTestPlatform, type TestPlatform } from '../platform.ts';
import { fitting, spoiled, type KnownIds, type Schema } from './inputs.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 12);

let platform: TestPlatform;
/** Operations that answered at least one input with a result. */
const reached = new Set<string>();
const known: KnownIds = { ids: new Map(), skus: ['LANTERN-01', 'MUG-BLUE', 'TEA-GREEN'] };

beforeAll(async () => {
  console.log(`FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS}`);
  platform = await startTestPlatform({ services: allServices });
  await createDemoData(platform.url, platform.adminKey);
});
afterAll(() => platform.stop());

/** The same operations in an order in which earlier ones make what later ones need: creations first. */
const operations = allServices
  .flatMap(({ contract }) =>
    Object.entries(contract.operations).map(([name, declared]) => ({ contract, name, declared })),
  )
  .toSorted((left, right) => rank(left.declared) - rank(right.declared));

function rank({ method, path }: Operation): number {
  if (method === 'DELETE') return 4;
  if (method === 'GET') return 3;
  return path.includes('{') ? 2 : 1;
}

/** As a client would send it, only without a client's good manners: nothing is checked on the way out. */
const send = async (contract: Contract, declared: Operation, input: unknown): Promise<Response> => {
  const fields: Record<string, unknown> =
    input !== null && typeof input === 'object' && !Array.isArray(input) ? { ...input } : {};
  const path = pathOf(contract, declared).replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = fields[name];
    Reflect.deleteProperty(fields, name);
    return (
      encodeURIComponent(
        (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'missing')).toWellFormed().slice(0, 2_000),
      ) || '%20'
    );
  });
  const url = new URL(path, platform.url);
  const headers: Record<string, string> = { authorization: `Bearer ${platform.adminKey}` };
  if (declared.method === 'GET') {
    for (const [name, value] of Object.entries(fields))
      url.searchParams.set(name, (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 2_000));
    return fetch(url, { headers });
  }
  if (!declared.stream) headers['content-type'] = 'application/json';
  else headers['content-type'] = declared.stream;
  headers['idempotency-key'] = randomUUID();
  return fetch(url, {
    method: declared.method,
    headers,
    body: declared.stream
      ? csvOf(input)
      : JSON.stringify(input === fields || typeof input !== 'object' ? input : fields),
  });
};

const csvOf = (input: unknown): string =>
  `sku,title,price,currency\n"A-1","${JSON.stringify(input)}",1.00,EUR\n\u0000,,"unclosed`;

/** Remembers what an answer named, for later inputs. */
const learn = (text: string): void => {
  for (const [id, prefix] of text.matchAll(/\b([a-z]{3})_[0-9a-f]{32}\b/g)) {
    if (!prefix) continue;
    const ids = known.ids.get(prefix) ?? [];
    if (ids.length < 50 && !ids.includes(id)) known.ids.set(prefix, [...ids, id]);
  }
};

describe('whatever is sent, the answer is a result or a problem in words, never a fault of ours', () => {
  test.each(operations.map((operation) => [`${operation.contract.domain}.${operation.name}`, operation] as const))(
    '%s',
    async (_title, { contract, name, declared }) => {
      const schema = z.toJSONSchema(declared.input, { io: 'input', unrepresentable: 'any' }) as Schema;
      const good = fitting(schema, known);
      const inputs = [
        ...fc.sample(good, { numRuns: RUNS, seed: SEED }),
        ...fc.sample(spoiled(good), { numRuns: RUNS, seed: SEED }),
      ];
      for (const input of inputs) {
        const response = await send(contract, declared, input);
        const text = await response.text();
        learn(text);
        if (response.ok) reached.add(name);
        // The input stands beside the status, so that a failure shows what provoked it.
        expect({
          status: response.status < 500 ? 'answered' : response.status,
          input,
          text: response.status < 500 ? '' : text,
        }).toEqual({ status: 'answered', input, text: '' });
        if (response.status >= 400) expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      }
    },
  );
});

test('the inputs are good enough to get past the validation of most operations', () => {
  const missed = operations.map(({ name }) => name).filter((name) => !reached.has(name));
  console.log(`${reached.size} of ${operations.length} operations reached; not: ${missed.join(', ')}`);
  expect(reached.size).toBeGreaterThan(operations.length / 2);
});

test('after all that, stock, ledger and orders are exact', async () => {
  const [stock, ledger, orders] = await Promise.all([
    platform.client(inventoryContract).auditStock({}),
    platform.client(walletContract).auditLedger({}),
    platform.client(ordersContract).auditOrders({}),
  ]);
  expect([stock.problems, ledger.problems, orders.problems]).toEqual([[], [], []]);
});
