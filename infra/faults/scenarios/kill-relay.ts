import { ownEvents } from '../audit.ts';
import { until, waitForQuiet } from '../quiet.ts';
import type { Scenario } from '../scenario.ts';
import { missingOrders, openShop, placeOrder } from '../shop.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';

/**
 * kill -9 of the relay after it published and before it could mark: a trigger makes the marking fail, so that whenever
 * the process dies it dies in between. Afterwards the same events must have come again, under the same ids, and have
 * had one effect.
 */
export const killRelay: Scenario = {
  name: 'relay killed between publish and mark',
  ordersSettle: true,
  run: async (platform, size) => {
    const rounds = size === 'full' ? 10 : 2;
    const shop = await openShop(platform, { skus: 2, stock: 10_000, customers: 2 });
    const problems: string[] = [];
    const placed: string[] = [];
    const struck: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await platform.database.query(
        `CREATE OR REPLACE FUNCTION orders.refuse_marking() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'marking refused by the fault test'; END $$`,
      );
      await platform.database.query(
        'CREATE TRIGGER refuse_marking BEFORE DELETE ON orders.outbox FOR EACH STATEMENT EXECUTE FUNCTION orders.refuse_marking()',
      );
      const order = await placeOrder(platform, shop);
      placed.push(order);
      problems.push(
        ...(await until(async () => {
          const between = await publishedUnmarked(platform, order);
          struck.push(...between);
          return between.length > 0 ? undefined : `no event of ${order} was published: the fault did not strike`;
        })),
      );
      await platform.orders.kill();
      await platform.database.query('DROP TRIGGER refuse_marking ON orders.outbox');
      await platform.orders.start();
    }
    // The killed relay's lease has to run out before the next one publishes.
    problems.push(...(await waitForQuiet(platform)));
    const events = await ownEvents(platform, 'commerce.orders');
    const once = struck.filter((id) => events.filter((event) => event.id === id).length < 2);
    problems.push(...once.map((id) => `the event ${id} did not come again after the kill`));
    problems.push(...(await missingOrders(platform, placed)));
    return { counts: { rounds, republished: struck.length - once.length }, problems };
  },
};

/**
 * The ids of an order's events that are on Kafka and still in the outbox: killed now, the relay dies between publish
 * and mark.
 */
const publishedUnmarked = async (platform: PlatformUnderTest, order: string): Promise<string[]> => {
  const unmarked = await platform.database.query<{ id: string }>(
    'SELECT id FROM orders.outbox WHERE aggregateid = $1',
    [order],
  );
  if (unmarked.rows.length === 0) return [];
  const published = new Set((await ownEvents(platform, 'commerce.orders')).map((event) => event.id));
  return unmarked.rows.map(({ id }) => id).filter((id) => published.has(id));
};
