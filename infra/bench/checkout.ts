/**
 * `npm run bench:checkout`: whole checkouts (cart → quote → place → reservation → hold, each with its events), and
 * placing alone. Afterwards every unit and every cent is accounted for.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { openAccount } from './lib/account.ts';
import { openHttp } from './lib/http.ts';
import { openInProcess, setupClient } from './lib/in-process.ts';
import { drive } from './lib/load.ts';
import { startBenchPlatform } from './lib/platform.ts';
import { printAccount, printCheck, printHead, printRatio, printTable, type Row } from './lib/report.ts';
import { fundOwners, openShop, registerCustomers } from './lib/shop.ts';

const CONCURRENCY = 16;
const CHECKOUTS = Number(process.env['BENCH_CHECKOUTS'] ?? 1_000);
const WARM_UP = Math.round(CHECKOUTS / 4);
const PRODUCTS = 50;
const CUSTOMERS = 200;
const STOCK = 1_000_000;
const FUNDS = 1_000_000_000;
const ADDRESS = { name: 'Bench Customer', line1: 'Lindenstraße 1', city: 'Berlin', postalCode: '10969', country: 'DE' };

interface Money {
  amount: number;
  currency: string;
}

printHead(
  `Checkout: ${CHECKOUTS} of two lines, ${CONCURRENCY} at a time, ${PRODUCTS} products, ${CUSTOMERS} customers`,
);
const platform = await startBenchPlatform();
const folder = await mkdtemp(join(tmpdir(), 'bench-objects-'));
try {
  const { skus } = await openShop(platform, { products: PRODUCTS, stock: STOCK });
  const customers = await registerCustomers(platform, CUSTOMERS);
  await fundOwners(platform, customers, FUNDS);
  const http = openHttp(platform.url, platform.adminKey, CONCURRENCY);

  const pick = <Item>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;
  const linesOf = (index: number) => [
    { sku: pick(skus, index * 7), quantity: 1 },
    { sku: pick(skus, index * 7 + 3), quantity: 2 },
  ];
  const cartOf = (index: number) => ({
    currency: 'EUR',
    country: 'DE',
    customerId: pick(customers, index),
    lines: linesOf(index),
  });
  const reservationOf = (orderId: string, index: number) => ({
    ownerId: orderId,
    lines: linesOf(index),
    expiresInSeconds: 86_400,
  });
  const holdOf = (orderId: string, index: number, amount: Money) => ({
    ownerId: pick(customers, index),
    amount,
    reference: orderId,
  });

  const post = <Body>(path: string, body: unknown) => http.expect<Body>('POST', path, body, randomUUID());
  const quote = async (index: number): Promise<{ id: string }> => {
    const cart = await post<{ id: string }>('/v1/carts', cartOf(index));
    return post('/v1/quotes', { cartId: cart.id, shippingAddress: ADDRESS });
  };
  const place = (quoteId: string) => post<{ id: string; totals: { grandTotal: Money } }>('/v1/orders', { quoteId });
  const checkOut = async (index: number): Promise<void> => {
    const order = await place((await quote(index)).id);
    await post('/v1/inventory/reservations', reservationOf(order.id, index));
    await post('/v1/wallet/holds', holdOf(order.id, index, order.totals.grandTotal));
  };
  const load = { concurrency: CONCURRENCY, pid: platform.pid };
  const account = await openAccount(platform);
  await drive({ ...load, total: WARM_UP, work: checkOut });
  const checkouts = await drive({ ...load, account, total: CHECKOUTS, work: checkOut });

  const quotes: string[] = [];
  await drive({ ...load, total: CHECKOUTS, work: async (index) => quotes.push((await quote(index)).id) });
  const placed = await drive({ ...load, account, total: CHECKOUTS, work: (index) => place(pick(quotes, index)) });

  const direct = await openInProcess(platform, folder);
  const [orders, inventory, wallet] = [
    direct.client(ordersContract),
    direct.client(inventoryContract),
    direct.client(walletContract),
  ];
  const key = () => ({ idempotencyKey: randomUUID() });
  const directQuote = async (index: number) => {
    const cart = await orders.createCart(cartOf(index), key());
    return orders.createQuote({ cartId: cart.id, shippingAddress: ADDRESS }, key());
  };
  const directCheckouts = await drive({
    ...load,
    total: CHECKOUTS,
    work: async (index) => {
      const order = await orders.placeOrder({ quoteId: (await directQuote(index)).id }, key());
      await inventory.reserveStock(reservationOf(order.id, index), key());
      await wallet.authorizeHold(holdOf(order.id, index, order.totals.grandTotal), key());
    },
  });
  const directQuotes: string[] = [];
  await drive({ ...load, total: CHECKOUTS, work: async (index) => directQuotes.push((await directQuote(index)).id) });
  const directPlaced = await drive({
    ...load,
    total: CHECKOUTS,
    work: (index) => orders.placeOrder({ quoteId: pick(directQuotes, index) }, key()),
  });
  await direct.close();
  await account.close();

  const rows: Row[] = [
    { what: 'checkouts over HTTP', measured: checkouts, aim: 60 },
    { what: 'yardstick: same statements through pg', measured: directCheckouts },
    { what: 'orders placed over HTTP', measured: placed, aim: 300 },
    { what: 'yardstick: same statement through pg', measured: directPlaced },
  ];
  printTable(rows);
  printAccount(rows);
  printRatio('checkout', checkouts, directCheckouts);
  printRatio('place order', placed, directPlaced);

  const reserved = await Promise.all(
    skus.map(async (sku) => (await setupClient(inventoryContract, platform).getItem({ sku })).reserved),
  );
  const units = reserved.reduce((sum, one) => sum + one, 0);
  const expected = (WARM_UP + 2 * CHECKOUTS) * 3;
  printCheck('units reserved', units === expected, `${units} of ${expected}`);
  const audits = {
    stock: await setupClient(inventoryContract, platform).auditStock({}),
    ledger: await setupClient(walletContract, platform).auditLedger({}),
    orders: await setupClient(ordersContract, platform).auditOrders({}),
  };
  for (const [what, audit] of Object.entries(audits))
    printCheck(`${what} audit`, audit.consistent, `${audit.problems.length} problems`);
  http.close();
} finally {
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
}
