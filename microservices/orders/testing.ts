import { randomBytes } from 'node:crypto';
import { catalogContract } from '../catalog/contract.ts';
import type { Client } from '../chassis/client.ts';
import type { Contract, OutputOf } from '../chassis/contract/index.ts';
import type { Database } from '../chassis/database/index.ts';
import type { CommerceEvent } from '../chassis/events/envelope.ts';
import { customersContract } from '../customers/contract.ts';
import { inventoryContract } from '../inventory/contract.ts';
import { walletContract } from '../wallet/contract.ts';
import { ordersContract } from './contract.ts';

export type Order = OutputOf<typeof ordersContract, 'getOrder'>;

export interface Article {
  amount: number;
  stock: number;
  taxInclusive?: boolean;
  taxCategory?: 'standard' | 'reduced' | 'zero';
  weightGrams?: number;
  requiresShipping?: boolean;
}

export const germanAddress = {
  name: 'Erika Muster',
  line1: 'Hauptstr. 1',
  city: 'Berlin',
  postalCode: '10115',
  country: 'DE',
};
export const eur = (amount: number) => ({ amount, currency: 'EUR' });
export const freshSku = (): string => `SKU-${randomBytes(5).toString('hex').toUpperCase()}`;

/** The parts of a started platform that a shop needs. */
interface ShopPlatform {
  url: string;
  adminKey: string;
  client<Of extends Contract>(contract: Of, options?: { credential?: string }): Client<Of>;
  events(domain: string): CommerceEvent[];
  waitForEvent(type: string, fits?: (event: CommerceEvent) => boolean): Promise<CommerceEvent>;
  database(domain: string): Database;
  stop(): Promise<void>;
}
type StartPlatform = (options: { environment: Record<string, string>; now: () => Date }) => Promise<ShopPlatform>;

/** A shop with everything real: a warehouse, German tax, one way of shipping, and a clock that tests move. */
export const openShop = async (start: StartPlatform) => {
  const clock = { offset: 0 };
  const platform = await start({
    environment: { ORDERS_JOB_INTERVAL_MS: '200' },
    now: () => new Date(Date.now() + clock.offset),
  });
  const api = platform.client(ordersContract);
  const shop = {
    platform,
    clock,
    api,
    catalog: platform.client(catalogContract),
    inventory: platform.client(inventoryContract),
    wallet: platform.client(walletContract),
    customers: platform.client(customersContract),
    /** Nobody signed in. */
    guest: platform.client(ordersContract, { credential: '' }),
  };
  await api.setTaxRate({ country: 'DE', category: 'standard', rate: 1_900 });
  await api.setTaxRate({ country: 'DE', category: 'reduced', rate: 700 });
  await api.setShippingMethod({
    code: 'standard',
    currency: 'EUR',
    title: 'Parcel',
    rates: [{ countries: [], upToGrams: null, amount: 490, freeFrom: 50_000 }],
  });
  const { id: locationId } = await shop.inventory.createLocation({ code: 'berlin', name: 'Berlin', country: 'DE' });
  const { id: inclusiveListId } = await shop.catalog.createPriceList({
    code: 'retail',
    title: 'Retail',
    currency: 'EUR',
  });
  const { id: exclusiveListId } = await shop.catalog.createPriceList({
    code: 'trade',
    title: 'Trade',
    currency: 'EUR',
    taxInclusive: false,
  });
  return { ...shop, locationId, inclusiveListId, exclusiveListId };
};
export type Shop = Awaited<ReturnType<typeof openShop>>;

/** Variants and prices in one call to the catalog at most. */
const BATCH = 100;

/** Puts articles on sale, with stock, and returns their SKUs. */
export const putOnSale = async (shop: Shop, articles: readonly Article[]): Promise<string[]> => {
  const wares = articles.map((article) => ({ ...article, sku: freshSku() }));
  for (let start = 0; start < wares.length; start += BATCH) await publish(shop, wares.slice(start, start + BATCH));
  for (const { sku, stock } of wares) {
    if (stock > 0) await shop.inventory.receiveStock({ sku, locationId: shop.locationId, quantity: stock });
  }
  return wares.map((ware) => ware.sku);
};

const publish = async (shop: Shop, wares: readonly (Article & { sku: string })[]): Promise<void> => {
  const { id: productId } = await shop.catalog.createProduct({
    title: { en: `Thing ${wares[0]?.sku ?? ''}` },
    optionAxes: ['kind'],
    variants: wares.map(({ sku, weightGrams = 500, taxCategory = 'standard', requiresShipping = true }) => ({
      sku,
      weightGrams,
      taxCategory,
      requiresShipping,
      options: { kind: sku },
    })),
  });
  for (const taxInclusive of [true, false]) {
    const prices = wares
      .filter((ware) => (ware.taxInclusive ?? true) === taxInclusive)
      .map(({ sku, amount }) => ({ sku, unitPrice: eur(amount) }));
    const priceListId = taxInclusive ? shop.inclusiveListId : shop.exclusiveListId;
    if (prices.length > 0) await shop.catalog.setPrices({ priceListId, prices });
  }
  await shop.catalog.submitProduct({ productId });
  await shop.catalog.publishProduct({ productId });
};

export const oneOnSale = async (shop: Shop, article: Article): Promise<string> => {
  const [sku] = await putOnSale(shop, [article]);
  if (sku === undefined) throw new Error('no SKU came back');
  return sku;
};

/** A registered customer with money in the wallet, and a client that acts as that person. */
export const newCustomer = async (shop: Shop, balance = 0) => {
  const email = `${randomBytes(6).toString('hex')}@example.com`;
  const { customer, session } = await shop.customers.registerCustomer({
    email,
    password: 'correct horse battery staple',
    name: 'Erika Muster',
  });
  if (balance > 0)
    await shop.wallet.topUp({ ownerId: customer.id, amount: eur(balance), reference: `top-up-${customer.id}` });
  return {
    id: customer.id,
    email,
    token: session.accessToken,
    orders: shop.platform.client(ordersContract, { credential: session.accessToken }),
  };
};

type OrdersClient = Client<typeof ordersContract>;

/** Cart → quote → order of some SKUs. */
export const placeOrder = async (
  client: OrdersClient,
  lines: { sku: string; quantity: number }[],
  more: {
    paymentMethod?: 'wallet' | 'cash_on_delivery' | 'card';
    couponCode?: string;
    email?: string;
    customerId?: string;
  } = {},
): Promise<Order> => {
  const { paymentMethod, ...rest } = more;
  const quote = await client.createQuote({ lines, currency: 'EUR', shippingAddress: germanAddress, ...rest });
  return client.placeOrder({ quoteId: quote.id, ...(paymentMethod ? { paymentMethod } : {}) });
};

/** The steps of the journey between approval and confirmation: reserve, hold, confirm. */
export const confirmOrder = async (shop: Shop, order: Order) => {
  await shop.api.approveOrder({ orderId: order.id });
  const reservation = await shop.inventory.reserveStock({
    ownerId: order.id,
    lines: order.lines.map(({ sku, quantity }) => ({ sku, quantity })),
  });
  const hold =
    order.paymentMethod === 'wallet'
      ? await shop.wallet.authorizeHold({
          ownerId: order.customerId ?? '',
          amount: order.totals.grandTotal,
          reference: order.id,
        })
      : undefined;
  const confirmed = await shop.api.confirmOrder({
    orderId: order.id,
    reservationId: reservation.id,
    ...(hold ? { holdId: hold.id } : {}),
  });
  return { confirmed, reservation, hold };
};

/** The code of the problem that a call is refused with. */
export const refusal = async (call: Promise<unknown>): Promise<{ code: string; status: number; data: unknown }> =>
  call.then(
    (output) => {
      throw new Error(`It was not refused but returned ${JSON.stringify(output)}`);
    },
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && 'status' in error && 'data' in error) {
        return { code: String(error.code), status: Number(error.status), data: error.data };
      }
      throw error;
    },
  );

/** Asks again while another request with the same key is being worked on, as clients should. */
export const untilAnswered = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'IDEMPOTENCY_IN_FLIGHT')) throw error;
    }
  }
};
