import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../../microservices/chassis/client.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { onEach, type StartBar } from './bars.ts';
import { emailOf } from './import-shop.ts';
import type { Invoice } from './replay-invoices.ts';

export interface ReplayOptions {
  url: string;
  credential: string;
  bar: StartBar;
  /** Orders a second; 0 is as fast as the platform answers. */
  rate: number;
  width: number;
  /** How long to wait, after one order came to its end, for another to. */
  patienceMs: number;
}

export interface ReplayResult {
  placed: number;
  /** By what became of them: confirmed, cancelled (with the reason), still open. */
  ended: Record<string, number>;
  /** Invoices that could not be placed, by the code of the refusal. */
  refused: Record<string, number>;
  /** Violations found by the audits of stock, ledger and orders. */
  problems: string[];
}

const CURRENCY = 'GBP';
/** The gateway answers 429 to the eager: a client with patience waits its turn. */
const ATTEMPTS = 40;

const clientsOf = ({ url, credential }: ReplayOptions) => {
  const options = { url, credential, attempts: ATTEMPTS };
  return {
    orders: createClient(ordersContract, options),
    wallet: createClient(walletContract, options),
    customers: createClient(customersContract, options),
    inventory: createClient(inventoryContract, options),
  };
};
type Clients = ReturnType<typeof clientsOf>;

/**
 * Places invoices as orders through the public API, in their order, and follows each to its end. Known customers pay
 * from a wallet that is topped up with the total first; others order as guests and pay on delivery. Under keys made of
 * the invoice numbers, so that a second run within a day places nothing twice.
 */
export const replayInvoices = async (invoices: readonly Invoice[], options: ReplayOptions): Promise<ReplayResult> => {
  const clients = clientsOf(options);
  await clients.orders.setShippingMethod({
    code: 'online-retail',
    currency: CURRENCY,
    title: 'Included',
    rates: [{ countries: [], upToGrams: null, amount: 0, freeFrom: null }],
  });
  const customerIds = await knownCustomers(clients);
  const refused: Record<string, number> = {};
  const open: string[] = [];
  const pace = pacemaker(options.rate);
  const placing = options.bar('orders', invoices.length);
  await onEach(invoices, options.width, placing, async (invoice) => {
    await pace();
    try {
      open.push(await place(clients, invoice, customerIds));
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      refused[error.code] = (refused[error.code] ?? 0) + 1;
    }
  });
  placing.end();
  const ended = await followToTheEnd(clients, open, options);
  return { placed: open.length, ended, refused, problems: await audit(clients) };
};

/** Customers of the import by e-mail address. */
const knownCustomers = async ({ customers }: Clients): Promise<Map<string, string>> => {
  const ids = new Map<string, string>();
  for (let cursor: string | undefined; ;) {
    const page = await customers.listCustomers({ tag: 'online-retail', limit: 200, cursor });
    for (const { id, email } of page.items) if (email) ids.set(email, id);
    if (page.nextCursor === null) return ids;
    cursor = page.nextCursor;
  }
};

/** Lets callers through at a steady rate, whoever they are. */
const pacemaker = (perSecond: number): (() => Promise<void>) => {
  let next = performance.now();
  return async () => {
    if (perSecond <= 0) return;
    const due = Math.max(next, performance.now());
    next = due + 1000 / perSecond;
    await sleep(Math.max(0, due - performance.now()));
  };
};

const place = async (
  { orders, wallet }: Clients,
  invoice: Invoice,
  customerIds: ReadonlyMap<string, string>,
): Promise<string> => {
  const customerId = invoice.customerNumber === null ? undefined : customerIds.get(emailOf(invoice.customerNumber));
  const key = (step: string) => ({ idempotencyKey: `online-retail-${step}-${invoice.number}` });
  const quote = await orders.createQuote(
    {
      lines: invoice.lines,
      currency: CURRENCY,
      ...(customerId ? { customerId } : { email: `invoice-${invoice.number}@online-retail.example` }),
      shippingAddress: {
        name: `Invoice ${invoice.number}`,
        line1: 'not in the books',
        city: 'not in the books',
        postalCode: '-',
        country: invoice.country ?? 'GB',
      },
    },
    key('quote'),
  );
  const total = quote.totals.grandTotal;
  if (customerId && total.amount > 0)
    await wallet.topUp({ ownerId: customerId, amount: total, reference: `invoice-${invoice.number}` }, key('top-up'));
  const order = await orders.placeOrder(
    {
      quoteId: quote.id,
      paymentMethod: customerId ? 'wallet' : 'cash_on_delivery',
      metadata: { invoice: invoice.number, soldAt: invoice.at },
    },
    key('place'),
  );
  return order.id;
};

/** Under review is an end here: a person decides, and the replay has none. */
const OPEN = new Set(['placed', 'approved']);

const followToTheEnd = async (
  { orders }: Clients,
  ids: readonly string[],
  options: ReplayOptions,
): Promise<Record<string, number>> => {
  const ended: Record<string, number> = {};
  let open = [...ids];
  const bar = options.bar('ended', ids.length);
  let lastEnd = performance.now();
  while (open.length > 0 && performance.now() - lastEnd < options.patienceMs) {
    const still: string[] = [];
    await onEach(open, options.width, { at: () => undefined, end: () => undefined }, async (orderId) => {
      const { state, stateReason } = await orders.getOrder({ orderId });
      if (OPEN.has(state)) {
        still.push(orderId);
        return;
      }
      // The reason of a review is its score, which is another one for every order.
      const end = stateReason && !['confirmed', 'under_review'].includes(state) ? `${state}: ${stateReason}` : state;
      ended[end] = (ended[end] ?? 0) + 1;
    });
    if (still.length < open.length) lastEnd = performance.now();
    open = still;
    bar.at(ids.length - open.length);
    if (open.length > 0) await sleep(500);
  }
  bar.end();
  if (open.length > 0) ended['still open'] = open.length;
  return ended;
};

const audit = async ({ orders, wallet, inventory }: Clients): Promise<string[]> => {
  const audits = {
    stock: await inventory.auditStock({}),
    ledger: await wallet.auditLedger({}),
    orders: await orders.auditOrders({}),
  };
  return Object.entries(audits).flatMap(([what, { consistent, problems }]) =>
    consistent ? [] : [`${what}: ${JSON.stringify(problems).slice(0, 500)}`],
  );
};
