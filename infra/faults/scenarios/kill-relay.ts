import { setTimeout as sleep } from 'node:timers/promises';
import { readTopic, waitForQuiet } from '../audit.ts';
import type { Scenario } from '../scenario.ts';
import { missingOrders, openShop, placeOrder } from '../shop.ts';

/**
 * kill -9 of the relay after it published and before it could mark: a trigger makes the marking fail, so that whenever the process dies it dies in
 * between. Afterwards the same events must have come again, under the same ids, and have had one effect.
 */
export const killRelay: Scenario = {
  name: 'relay killed between publish and mark',
  ordersSettle: true,
  run: async (world, size) => {
    const rounds = size === 'full' ? 10 : 2;
    const shop = await openShop(world, { skus: 2, stock: 10_000, customers: 2 });
    const before = await copiesOf(world);
    const placed: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await world.database.query(
        `CREATE OR REPLACE FUNCTION orders.refuse_marking() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'marking refused by the fault test'; END $$`,
      );
      await world.database.query(
        'CREATE TRIGGER refuse_marking BEFORE DELETE ON orders.outbox FOR EACH STATEMENT EXECUTE FUNCTION orders.refuse_marking()',
      );
      placed.push(await placeOrder(world, shop));
      await sleep(world.random.between(100, 600));
      await world.orders.kill();
      await world.database.query('DROP TRIGGER refuse_marking ON orders.outbox');
      await world.orders.start();
    }
    // The killed relay's lease has to run out before the next one publishes.
    await waitForQuiet(world);
    const republished = (await copiesOf(world)) - before;
    const problems = await missingOrders(world, placed);
    if (republished < rounds)
      problems.push(`only ${republished} events came twice in ${rounds} rounds: the fault did not strike`);
    return { counts: { rounds, republished }, problems };
  },
};

const copiesOf = async (world: Parameters<Scenario['run']>[0]): Promise<number> => {
  const events = await readTopic(world, 'commerce.orders');
  return events.length - new Set(events.map((event) => event.id)).size;
};
