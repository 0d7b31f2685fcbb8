import { readFileSync } from 'node:fs';
import { fraudContract } from '../../ai/fraud/contract.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import {
  confirmOrder,
  eur,
  germanAddress,
  oneOnSale,
  placeOrder,
  type Shop,
} from '../../microservices/orders/testing.ts';
import { allServices } from '../platform/services.ts';
import { freshEmail, openWholeShop, register, verify, type Person } from './whole-shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openWholeShop({ ORDERS_INVOICE_RETENTION_DAYS: '0' });
});
afterAll(() => shop.platform.stop());

/** Stands in all that is written about the only person of this shop. */
const WORD = 'zaubernuss';
const said = (about: string): string => `${WORD} ${about}`;
const home = {
  ...{ name: said('name'), line1: said('line 1'), line2: said('line 2'), city: said('city'), region: said('region') },
  ...{ postalCode: '10999', country: 'DE', phone: '+49 30 1234' },
};

const DOMAINS = { customers: 'microservices', orders: 'microservices', notifications: 'microservices', fraud: 'ai' };
const erasedColumns = (domain: keyof typeof DOMAINS): string[] => {
  const file = new URL(`../../${DOMAINS[domain]}/${domain}/migrations/text-columns.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { erased: string[] }).erased;
};

/** Columns that an erasure empties in which something stands. */
const filledColumns = async (): Promise<string[]> => {
  const filled: string[] = [];
  for (const domain of Object.keys(DOMAINS) as (keyof typeof DOMAINS)[]) {
    for (const column of erasedColumns(domain)) {
      const [table = '', name = ''] = column.split('.');
      const sql = `SELECT 1 FROM ${table} WHERE ${name} IS NOT NULL AND ${name}::text NOT IN ('', '{}', '[]') LIMIT 1`;
      if ((await shop.platform.database(domain).rows(sql)).length > 0) filled.push(`${domain}: ${column}`);
    }
  }
  return filled;
};
const allErasedColumns = (): string[] =>
  (Object.keys(DOMAINS) as (keyof typeof DOMAINS)[]).flatMap((domain) =>
    erasedColumns(domain).map((column) => `${domain}: ${column}`),
  );

/** Tables of any service in which a text stands, but for responses to API keys, which are remembered for 24 hours. */
const tablesWith = async (text: string): Promise<string[]> => {
  const found: string[] = [];
  for (const { contract } of allServices) {
    const database = shop.platform.database(contract.domain);
    const tables = await database.rows<{ name: string }>(
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = $1',
      [database.schema],
    );
    for (const { name } of tables) {
      const own = name === 'idempotency' ? `caller NOT LIKE 'key:%' AND` : '';
      const sql = `SELECT 1 FROM ${name} t WHERE ${own} t::text ILIKE '%' || $1 || '%' LIMIT 1`;
      if ((await database.rows(sql, [text])).length > 0) found.push(`${contract.domain}: ${name}`);
    }
  }
  return found;
};

const fillProfile = async ({ id: customerId, self, email, password }: Person): Promise<void> => {
  const staff = shop.platform.client(customersContract);
  await staff.updateCustomer({ customerId, phone: '+4915112345678', country: 'DE', metadata: { [WORD]: said('bag') } });
  await staff.setTags({ customerId, tags: [said('tag')] });
  await self.addAddress({ customerId, label: said('label'), ...home });
  const consent = { purpose: 'marketing', channel: 'email', granted: true } as const;
  await self.setConsent({ customerId, ...consent, source: said('source'), policyVersion: said('version') });
  await self.signIn({ email, password, device: said('device') });
};

const sendMessages = async ({ id: customerId }: Person): Promise<void> => {
  const messages = shop.platform.client(notificationsContract);
  await messages.setPreferences({
    customerId,
    timeZone: 'Europe/Berlin',
    quietHours: { from: '22:00', until: '07:00' },
  });
  const order = { number: '1', lines: [{ title: said('line'), quantity: 1 }], total: eur(1) };
  const about = { about: 'ord_of_the_person', dedupeKey: WORD };
  const mail = { template: 'order-confirmation', channel: 'email', purpose: 'transactional', data: { order } } as const;
  const { id } = await messages.sendNotification({ ...mail, ...about, customerId });
  await until('it is sent', async () => (await messages.getNotification({ notificationId: id })).state !== 'queued');
  // Only a mail server that refuses writes this one.
  const refused = 'UPDATE notification SET last_error = $2 WHERE id = $1';
  await shop.platform.database('notifications').run(refused, [id, said('refused')]);
};

const shipAndRefund = async ({ id, orders }: Person, sku: string): Promise<void> => {
  await shop.wallet.topUp({ ownerId: id, amount: eur(1_490), reference: `top-up-${id}` });
  const order = await placeOrder(orders, [{ sku, quantity: 1 }]);
  const { hold } = await confirmOrder(shop, order);
  await shop.wallet.captureHold({ holdId: hold?.id ?? '' });
  await shop.platform.waitForEvent('order.paid', ({ subject }) => subject === order.id);
  const tracking = { carrier: said('carrier'), trackingNumber: WORD, trackingUrl: `https://example.com/${WORD}` };
  await shop.api.shipOrder({ orderId: order.id, ...tracking });
  const refund = { orderId: order.id, reason: said('refund'), shipping: eur(100) };
  await shop.api.refundOrder(refund);
  await until('it is paid back', async () => {
    const { refunds } = await shop.api.getOrder({ orderId: order.id });
    return refunds[0]?.state === 'settled';
  });
  // The wallet is settled before anybody is erased.
  await shop.wallet.payOut({ ownerId: id, amount: eur(100), reference: `payout-${id}` });
};

const orderAsGuest = async (email: string, sku: string, couponCode: string): Promise<void> => {
  const { api, guest } = shop;
  const cart = await guest.createCart({ currency: 'EUR', country: 'DE', email, lines: [{ sku, quantity: 1 }] });
  const addresses = { shippingAddress: { ...germanAddress, ...home }, billingAddress: home };
  const lines = [{ sku, quantity: 1 }];
  const quote = await guest.createQuote({ lines, currency: 'EUR', email, couponCode, ...addresses });
  const given = { quoteId: quote.id, paymentMethod: 'cash_on_delivery', note: said('note') } as const;
  const { id: orderId } = await api.placeOrder({ ...given, metadata: { [WORD]: said('metadata') } });
  await api.addOrderNote({ orderId, text: said('added') });
  const score = { orderId, deviceId: WORD, ipAddress: '203.0.113.7', email };
  const fraud = shop.platform.client(fraudContract);
  await fraud.setPolicy({ alwaysReviewFrom: 0 });
  const isKnown = () =>
    fraud.scoreOrder(score).then(
      () => true,
      () => false,
    );
  await until('the order is known', isKnown);
  const { reviewId } = await fraud.scoreOrder(score);
  await fraud.decideReview({ reviewId: reviewId ?? '', decision: 'reject', reason: said('review') });
  await api.rejectOrder({ orderId, reason: said('rejected') });
  expect(cart.email).toBe(email);
};

test('an erasure empties every text that is said to be erased, in every service, and no topic ever held one', async () => {
  const sku = await oneOnSale(shop, { amount: 1_000, stock: 10 });
  const { code } = await shop.api.createPromotion({ code: 'TEN', title: 'Ten', kind: 'percentage', percentage: 1_000 });
  const person = await register(shop, `${WORD}-${freshEmail()}`, said('name'));
  await verify(shop, person);
  await fillProfile(person);
  await sendMessages(person);
  await shipAndRefund(person, sku);
  await orderAsGuest(person.email, sku, code);
  expect(await filledColumns()).toEqual(allErasedColumns());

  await person.self.eraseCustomer({ customerId: person.id, password: person.password });
  await shop.platform.waitForEvent('customer.erased', ({ subject }) => subject === person.id);
  await until('every column is empty', filledColumns, (filled) => filled.length === 0);
  expect(await tablesWith(WORD)).toEqual([]);
  expect(await tablesWith('email:')).toEqual([]);
  const telling = allServices
    .flatMap(({ contract }) => shop.platform.events(contract.domain))
    .filter((event) => /zaubernuss|10999/i.test(JSON.stringify(event)));
  expect(telling.map(({ type }) => type)).toEqual([]);
});
