import { randomBytes } from 'node:crypto';
import { catalog } from '../../microservices/catalog/index.ts';
import { customers } from '../../microservices/customers/index.ts';
import { groupsContract } from '../../microservices/groups/contract.ts';
import { groups } from '../../microservices/groups/index.ts';
import { inventory } from '../../microservices/inventory/index.ts';
import { eur, germanAddress, oneOnSale, openShop } from '../../microservices/orders/testing.ts';
import { orders } from '../../microservices/orders/index.ts';
import { payments } from '../../microservices/payments/index.ts';
import { wallet } from '../../microservices/wallet/index.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';
import { startTwin } from './twin.ts';

const others = [catalog, customers, inventory, orders, payments, wallet];
const services = [...others, groups];

/**
 * A shop that sells to groups: everything that a team touches is real, and no more is started. With `groupsApart` the
 * groups service is left to a process of its own (group-process.ts).
 */
export const openGroupShop = async ({ groupsApart = false } = {}) => {
  let platform: TestPlatform | undefined;
  const shop = await openShop(async ({ environment, now }) => {
    platform = await startTestPlatform({
      services: groupsApart ? others : services,
      now,
      environment: { ...environment, GROUPS_JOB_INTERVAL_MS: '50' },
    });
    return platform;
  });
  if (!platform) throw new Error('the shop has not started');
  const running = platform;
  const { databaseUrl, kafka, access } = running;
  const api = shop.platform.client(groupsContract);
  const now = () => Date.now() + shop.clock.offset;
  return {
    ...shop,
    groups: api,
    host: { databaseUrl, kafka, access },
    /** The same services a second time, as another process. */
    startTwin: () => {
      const { offset } = shop.clock;
      return startTwin(running, {
        services,
        now: () => new Date(Date.now() + offset),
        environment: { GROUPS_JOB_INTERVAL_MS: '50' },
      });
    },
    /** The SKU of an article on sale at 20.00 EUR, with so many units. */
    article: (stock: number): Promise<string> => oneOnSale(shop, { amount: 2_000, stock }),
    /** An open campaign for an article of 20.00 EUR: two pay 19.00 each, three 17.00. */
    openCampaign: async (
      more: Partial<Parameters<typeof api.createCampaign>[0]> & { stock?: number } = {},
      client = api,
    ) => {
      const { stock = 100, ...terms } = more;
      const sku = await oneOnSale(shop, { amount: 2_000, stock });
      const { id: campaignId } = await client.createCampaign({
        name: 'Lanterns together',
        sku,
        currency: 'EUR',
        tiers: [
          { size: 2, price: 1_900 },
          { size: 3, price: 1_700 },
        ],
        startsAt: new Date(now() - 60_000).toISOString(),
        endsAt: new Date(now() + 30 * 86_400_000).toISOString(),
        ...terms,
      });
      return client.scheduleCampaign({ campaignId });
    },
    /** A customer with money in the wallet, made by staff; with keys, so that a busy database is asked again. */
    buyer: async (balance = 10_000): Promise<string> => {
      const idempotencyKey = randomBytes(12).toString('hex');
      const { id } = await shop.customers.createCustomer(
        { email: `${idempotencyKey}@example.com` },
        { idempotencyKey },
      );
      const topUp = { ownerId: id, amount: eur(balance), reference: `top-up-${id}` };
      if (balance > 0) await shop.wallet.topUp(topUp, { idempotencyKey });
      return id;
    },
    address: germanAddress,
  };
};
export type GroupShop = Awaited<ReturnType<typeof openGroupShop>>;
