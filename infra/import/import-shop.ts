import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client } from '../../microservices/chassis/client.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { onEach, type StartBar } from './bars.ts';
import { PRICE_LIST, productCsv, productRows } from './retail-products.ts';
import type { RetailShop } from './retail-shop.ts';

/** Where the shop is brought into, and how the person is told. */
export interface ImportTarget {
  url: string;
  credential: string;
  bar: StartBar;
  /** How many requests run at once. */
  width: number;
}

/** The gateway answers 429 to the eager: with this many attempts a client waits its turn rather than give up. */
const ATTEMPTS = 40;
export const WAREHOUSE = 'online-retail';
export const STOCK_REFERENCE = 'online-retail-opening-stock';
const TAG = 'online-retail';

const clientOf = <Of extends Parameters<typeof createClient>[0]>(
  contract: Of,
  { url, credential }: ImportTarget,
): Client<Of> => createClient(contract, { url, credential, attempts: ATTEMPTS });

/** Runs a creation; true when the thing was there already. */
const wasThere = async (create: Promise<unknown>, code: string): Promise<boolean> => {
  try {
    await create;
    return false;
  } catch (error) {
    if (error instanceof Problem && error.code === code) return true;
    throw error;
  }
};

/** Every item of a list, page by page. */
async function* everyPage<Item>(
  ask: (cursor: string | undefined) => Promise<{ items: Item[]; nextCursor: string | null }>,
): AsyncGenerator<Item> {
  for (let cursor: string | undefined; ;) {
    const page = await ask(cursor);
    yield* page.items;
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}

export interface ImportedProducts {
  created: number;
  updated: number;
  /** SKUs that the catalog refused, with its reason. */
  refused: Map<string, string>;
}

/**
 * Brings products, variants and prices in through the catalog's CSV import, which continues where an earlier attempt
 * ended.
 */
export const importProducts = async (target: ImportTarget, shop: RetailShop): Promise<ImportedProducts> => {
  const catalog = clientOf(catalogContract, target);
  await wasThere(catalog.createPriceList({ code: PRICE_LIST, title: 'Online Retail', currency: 'GBP' }), 'CODE_TAKEN');
  const rows = productRows(shop.articles);
  const lines = [...productCsv(rows)];
  const bar = target.bar('products', rows.length);
  const done = await sendUntilDone(target, lines, bar.at);
  bar.end();
  const refused = new Map<string, string>();
  for await (const { line, reason } of everyPage((cursor) =>
    catalog.listRejectedRows({ importId: done.id, cursor, limit: 200 }),
  )) {
    // One product a line, after the header.
    const sku = rows[line - 2]?.sku;
    if (sku !== undefined) refused.set(sku, reason);
  }
  return { created: done.created, updated: done.updated, refused };
};

interface DoneImport {
  id: string;
  created: number;
  updated: number;
}

/**
 * Sends the file until the catalog has it whole. The key is the content's hash: the same file continues, another one
 * starts anew.
 */
const sendUntilDone = async (
  target: ImportTarget,
  lines: readonly string[],
  at: (done: number) => void,
): Promise<DoneImport> => {
  const key = `online-retail-${createHash('sha256').update(lines.join('')).digest('base64url')}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendOnce(target, lines, key, at);
    } catch (error) {
      if (attempt >= ATTEMPTS || !mayPass(error)) throw error;
      await sleep(Math.min(5_000, 200 * attempt));
    }
  }
};

/**
 * A platform that restarts, a limit, or an earlier sender whose connection has not ended yet: worth another attempt.
 */
const mayPass = (error: unknown): boolean =>
  !(error instanceof Problem) ||
  error.status >= 500 ||
  error.status === 429 ||
  ['IDEMPOTENCY_IN_FLIGHT', 'IMPORT_BUSY', 'INTERRUPTED'].includes(error.code);

const sendOnce = async (
  { url, credential }: ImportTarget,
  lines: readonly string[],
  key: string,
  at: (done: number) => void,
): Promise<DoneImport> => {
  const body = function* (): Generator<string> {
    for (const [index, line] of lines.entries()) {
      yield line;
      at(index);
    }
  };
  const response = await fetch(`${url}/v1/catalog/imports`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${credential}`, 'idempotency-key': key },
    body: Readable.toWeb(Readable.from(body(), { objectMode: false })) as NonNullable<RequestInit['body']>,
    duplex: 'half',
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw Problem.fromBody(answer as Parameters<typeof Problem.fromBody>[0]);
  const done = catalogContract.operations.importProducts.output.parse(answer);
  // The remembered answer of an earlier run: this one changed nothing.
  return response.headers.has('idempotency-replayed') ? { ...done, created: 0, updated: 0 } : done;
};

/** Creates the customers that are missing, known by the address that their number makes. */
export const importCustomers = async (target: ImportTarget, shop: RetailShop): Promise<{ created: number }> => {
  const customers = clientOf(customersContract, target);
  const known = new Set<string>();
  for await (const { email } of everyPage((cursor) => customers.listCustomers({ tag: TAG, limit: 200, cursor })))
    if (email) known.add(email);
  const missing = shop.customers.filter(({ number }) => !known.has(emailOf(number)));
  let created = 0;
  const bar = target.bar('customers', missing.length);
  await onEach(missing, target.width, bar, async ({ number, country }) => {
    const there = await wasThere(
      customers.createCustomer(
        {
          email: emailOf(number),
          emailVerified: true,
          name: `Customer ${number}`,
          locale: 'en',
          currency: 'GBP',
          ...(country ? { country } : {}),
          tags: [TAG],
          metadata: { customerNumber: number },
        },
        { idempotencyKey: `online-retail-customer-${number}` },
      ),
      'EMAIL_TAKEN',
    );
    if (!there) created += 1;
  });
  bar.end();
  return { created };
};

/** The address that stands for a customer of the books; .example belongs to nobody (RFC 2606). */
export const emailOf = (customerNumber: string): string => `customer-${customerNumber}@online-retail.example`;

/** Receives the opening stock of the articles whose receipt is not in the ledger yet: as many units as were sold. */
export const importStock = async (
  target: ImportTarget,
  shop: RetailShop,
  refused: ReadonlyMap<string, string>,
): Promise<{ received: number }> => {
  const inventory = clientOf(inventoryContract, target);
  const locationId = await warehouse(inventory);
  const received = new Set<string>();
  const movements = everyPage((cursor) =>
    inventory.listMovements({ locationId, causeId: STOCK_REFERENCE, kind: 'receipt', limit: 200, cursor }),
  );
  for await (const { sku } of movements) received.add(sku);
  const missing = shop.articles.filter(({ sku, sold }) => sold > 0 && !received.has(sku) && !refused.has(sku));
  const bar = target.bar('stock', missing.length);
  await onEach(missing, target.width, bar, async ({ sku, sold }) => {
    const receipt = { sku, locationId, quantity: sold, reference: STOCK_REFERENCE };
    await inventory.receiveStock(receipt, {
      idempotencyKey: `${STOCK_REFERENCE}-${locationId}-${encodeURIComponent(sku)}`,
    });
  });
  bar.end();
  return { received: missing.length };
};

const warehouse = async (inventory: Client<typeof inventoryContract>): Promise<string> => {
  await wasThere(
    inventory.createLocation({ code: WAREHOUSE, name: 'Online Retail warehouse', country: 'GB' }),
    'LOCATION_CODE_TAKEN',
  );
  const found = everyPage((cursor) => inventory.listLocations({ search: WAREHOUSE, limit: 200, cursor }));
  for await (const location of found) if (location.code === WAREHOUSE) return location.id;
  throw new Error(`The location "${WAREHOUSE}" was created and cannot be found: see the log of the inventory service.`);
};
