import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { startTwin } from '../../infra/test/twin.ts';
import { createClient } from '../chassis/client.ts';
import { tally } from '../chassis/testing/tally.ts';
import { apartFromTransaction } from '../chassis/database/holding.ts';
import type { Queryable } from '../chassis/database/index.ts';
import { newId } from '../chassis/ids.ts';
import { commitWith } from '../chassis/transaction.ts';
import { inventoryContract } from './contract.ts';
import { inventory } from './index.ts';
import { applyCommit, expireBatch } from './service/settle.ts';
import { commitOpen } from './store/reservations.ts';
import { freshLocation, freshSku, remote, stocked } from './testing.ts';

// Two instances of the service that know each other only through the database and Kafka, as two processes do. The
// fault suite runs the same races on processes of their own.
let platform: TestPlatform;
let twin: Awaited<ReturnType<typeof startTwin>>;
const environment = { INVENTORY_EXPIRY_INTERVAL_MS: '50' };
// Patient clients: on a busy machine 500 at once may meet a full connection pool, and a call with a key is simply made
// again.
const clientOf = (url: string) => createClient(inventoryContract, { url, credential: platform.adminKey, attempts: 8 });
const api = () => clientOf(platform.url);
const other = () => clientOf(twin.url);
const both = (index: number) => (index % 2 === 0 ? api() : other());

beforeAll(async () => {
  platform = await startTestPlatform({ services: [inventory], remote, environment });
  twin = await startTwin(platform, { services: [inventory], remote, environment });
});
afterAll(async () => {
  await twin.stop();
  await platform.stop();
});
afterEach(async () => {
  expect(await api().auditStock({})).toMatchObject({ consistent: true, problems: [] });
});

const levelOf = async (sku: string, locationId: string) => (await api().listLevels({ sku, locationId })).items[0];

const buyers = (count: number, lines: (index: number) => { sku: string; quantity: number }[]) =>
  tally(
    Array.from({ length: count }, (_, index) =>
      both(index).reserveStock({ ownerId: newId('ord'), lines: lines(index) }, { idempotencyKey: randomUUID() }),
    ),
  );

describe('buyers who all come at once, over two instances', () => {
  test('500 for 1 piece: exactly 1 gets it', async () => {
    const at = await stocked(api(), 1);
    expect(await buyers(500, () => [{ sku: at.sku, quantity: 1 }])).toEqual({ OK: 1, OUT_OF_STOCK: 499 });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 1, reserved: 1, available: 0 });
  });

  test('40 for 10 units: exactly 10 get one', async () => {
    const at = await stocked(api(), 10);
    expect(await buyers(40, () => [{ sku: at.sku, quantity: 1 }])).toEqual({ OK: 10, OUT_OF_STOCK: 30 });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ reserved: 10, available: 0 });
  });

  test('40 for units that lie in three places: every piece is sold', async () => {
    const sku = freshSku();
    for (const quantity of [3, 5, 7])
      await api().receiveStock({ sku, locationId: await freshLocation(api()), quantity });
    expect(await buyers(40, () => [{ sku, quantity: 1 }])).toEqual({ OK: 15, OUT_OF_STOCK: 25 });
  });

  test('bundles with lines in any order neither oversell a shared part nor block each other', async () => {
    const [cup, pot] = [await stocked(api(), 12), await stocked(api(), 100)];
    const bundle = [
      { sku: cup.sku, quantity: 1 },
      { sku: pot.sku, quantity: 1 },
      { sku: cup.sku, quantity: 1 },
    ];
    expect(await buyers(40, (index) => (index % 3 === 0 ? bundle.toReversed() : bundle))).toEqual({
      OK: 6,
      OUT_OF_STOCK: 34,
    });
    expect(await levelOf(cup.sku, cup.locationId)).toMatchObject({ reserved: 12 });
    expect(await levelOf(pot.sku, pot.locationId)).toMatchObject({ reserved: 6 });
  });

  test('backorder stops exactly at its limit', async () => {
    const at = await stocked(api(), 3);
    await api().setLevel({ ...at, backorderable: true, backorderLimit: 4 });
    expect(await buyers(30, () => [{ sku: at.sku, quantity: 1 }])).toEqual({ OK: 7, OUT_OF_STOCK: 23 });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ available: -4 });
  });

  test('low is said once by however many buyers', async () => {
    const at = await stocked(api(), 30);
    await api().setLevel({ ...at, lowStockThreshold: 20 });
    expect(await buyers(30, () => [{ sku: at.sku, quantity: 1 }])).toEqual({ OK: 30 });
    const about = `${at.sku}@${at.locationId}`;
    await platform.waitForEvent('inventory.low', ({ subject }) => subject === about);
    await api().receiveStock({ ...at, quantity: 100 });
    await platform.waitForEvent('inventory.replenished', ({ subject }) => subject === about);
    expect(
      platform.events('inventory').filter(({ type, subject }) => type === 'inventory.low' && subject === about),
    ).toHaveLength(1);
  });
});

describe('one reservation, many ends', () => {
  test('expiry racing commit has one winner', async () => {
    const rounds = 60;
    const spreadMs = 1_500;
    const at = await stocked(api(), rounds);
    const reservations = await Promise.all(
      Array.from({ length: rounds }, (_, index) =>
        both(index).reserveStock({
          ownerId: newId('ord'),
          lines: [{ sku: at.sku, quantity: 1 }],
          expiresInSeconds: 600,
        }),
      ),
    );
    // The first ten hold, the last ten have run out already; those between run out and are committed at moments of one
    // and the same span.
    await platform.database('inventory').run(
      `UPDATE reservation SET expires_at = clock_timestamp()
         + CASE WHEN position > $2::int - 10 THEN 0 ELSE random() * $3::int END * interval '1 millisecond'
       FROM unnest($1::text[]) WITH ORDINALITY AS due(id, position) WHERE reservation.id = due.id AND position > 10`,
      [reservations.map(({ id }) => id), rounds, spreadMs],
    );
    const { OK: committed = 0, RESERVATION_EXPIRED: expired = 0 } = await tally(
      reservations.map(async ({ id }, index) => {
        await sleep(Math.random() * spreadMs);
        return both(index).commitReservation({ reservationId: id });
      }),
    );
    expect(committed + expired).toBe(rounds);
    expect(committed).toBeGreaterThanOrEqual(10);
    expect(expired).toBeGreaterThanOrEqual(10);
    while ((await api().listReservations({ sku: at.sku, state: 'reserved', limit: 1 })).items.length > 0)
      await sleep(20);
    const ended = (await api().listReservations({ sku: at.sku, limit: 200 })).items.map(({ state }) => state);
    expect(ended.filter((state) => state === 'committed')).toHaveLength(committed);
    expect(ended.filter((state) => state === 'expired')).toHaveLength(expired);
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: rounds, reserved: 0, allocated: committed });
  });

  test('a commit that waits for the expiry under way is told that the time is up', async () => {
    const at = await stocked(api(), 1);
    const database = platform.database('inventory');
    const { id: reservationId } = await api().reserveStock({
      ownerId: newId('ord'),
      lines: [{ sku: at.sku, quantity: 1 }],
      expiresInSeconds: 600,
    });
    const answer = await commitWith(database, inventoryContract, async (tx) => {
      await tx.run('UPDATE reservation SET expires_at = now() WHERE id = $1', [reservationId]);
      expect(await expireBatch(tx)).toBe(false);
      // Another process commits meanwhile.
      return apartFromTransaction(async () => {
        const committing = other().commitReservation({ reservationId });
        committing.catch(() => undefined);
        await untilWaiting(database);
        return { committing };
      });
    });
    await expect(answer.committing).rejects.toMatchObject({ code: 'RESERVATION_EXPIRED' });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 1, reserved: 0, available: 1 });
  });

  test('an expiry that meets a commit under way passes it by', async () => {
    const at = await stocked(api(), 1);
    const database = platform.database('inventory');
    const { id: reservationId } = await api().reserveStock({
      ownerId: newId('ord'),
      lines: [{ sku: at.sku, quantity: 1 }],
      expiresInSeconds: 1,
    });
    await commitWith(database, inventoryContract, async (tx) => {
      const committed = await commitOpen(tx, reservationId);
      if (!committed) throw new Error('the reservation ran out before the test could commit it');
      // Its time runs out while the commit is under way, and the job looks at it many times.
      await sleep(1_500);
      await applyCommit(tx, committed, 'key:test');
    });
    expect(await api().getReservation({ reservationId })).toMatchObject({ state: 'committed' });
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 1, reserved: 0, allocated: 1 });
  });

  test('commit, release and extend at once: the units end in one place', async () => {
    const at = await stocked(api(), 30);
    let committed = 0;
    for (let round = 0; round < 30; round += 1) {
      const { id: reservationId } = await api().reserveStock({
        ownerId: newId('ord'),
        lines: [{ sku: at.sku, quantity: 1 }],
      });
      const moves = [
        () => api().commitReservation({ reservationId }),
        () => other().releaseReservation({ reservationId }),
        () => other().commitReservation({ reservationId }),
        () => api().releaseReservation({ reservationId }),
        () => api().extendReservation({ reservationId, expiresInSeconds: 900 }),
      ];
      await Promise.allSettled(moves.map((move) => move()));
      const { state } = await api().getReservation({ reservationId });
      expect(['committed', 'released']).toContain(state);
      if (state === 'committed') committed += 1;
    }
    expect(await levelOf(at.sku, at.locationId)).toMatchObject({ onHand: 30, reserved: 0, allocated: committed });
  });
});

/** Until some statement of this database waits for a row lock. */
const untilWaiting = async (database: Queryable): Promise<void> => {
  for (;;) {
    const { waiting } = await database.one<{ waiting: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS waiting`,
    );
    if (waiting) return;
    await sleep(10);
  }
};

type Step =
  | { do: 'receive' | 'sell' | 'sellPartly' | 'move' | 'send' | 'expect'; sku: number; place: number; quantity: number }
  | { do: 'adjust'; sku: number; place: number; change: number }
  | { do: 'count'; sku: number; place: number; counted: number }
  | { do: 'policy'; sku: number; place: number; safety: number; backorderable: boolean }
  | {
      do: 'commit' | 'release' | 'ship' | 'return' | 'expire' | 'arrive' | 'turnBack' | 'cancelDelivery';
      which: number;
    };

const where = { sku: fc.nat(2), place: fc.nat(2) };
const quantity = fc.integer({ min: 1, max: 9 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('receive', 'sell', 'sellPartly', 'move', 'send', 'expect'), ...where, quantity }),
  fc.record({
    do: fc.constant('adjust' as const),
    ...where,
    change: fc.integer({ min: -9, max: 9 }).filter((change) => change !== 0),
  }),
  fc.record({ do: fc.constant('count' as const), ...where, counted: fc.nat(12) }),
  fc.record({ do: fc.constant('policy' as const), ...where, safety: fc.nat(3), backorderable: fc.boolean() }),
  fc.record({
    do: fc.constantFrom('commit', 'release', 'ship', 'return', 'expire', 'arrive', 'turnBack', 'cancelDelivery'),
    which: fc.nat(20),
  }),
);

describe('conservation', () => {
  test('what goes and what comes at the same moment is judged by what is there when its turn comes, not by what was', async () => {
    const locationId = await freshLocation(api());
    for (let round = 0; round < 25; round += 1) {
      const sku = freshSku();
      await api().receiveStock({ sku, locationId, quantity: 1 });
      const adjust = (change: number, index: number) =>
        both(index).adjustStock({ sku, locationId, change, reason: 'race' });
      const counts = await tally([-2, 1, -2, 1, -1, 1].map(adjust));
      expect(Object.keys(counts).filter((code) => code !== 'OK' && code !== 'INSUFFICIENT_STOCK')).toEqual([]);
    }
  });

  test('after any run of operations, several at once, every count agrees and no call fails for an unexpected reason', async () => {
    const known = /^(OUT_OF_STOCK|INSUFFICIENT_STOCK|BACKORDERS_OPEN|ILLEGAL_STATE|RESERVATION_EXPIRED)$/;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const world = await newWorld();
        for (let start = 0; start < steps.length; start += 5) {
          const counts = await tally(steps.slice(start, start + 5).map((one, index) => world.take(one, both(index))));
          for (const code of Object.keys(counts)) expect(code === 'OK' || known.test(code) ? '' : code).toBe('');
        }
        expect(await api().auditStock({})).toMatchObject({ consistent: true, problems: [] });
        for (const level of (await api().listLevels({ search: world.mark, limit: 50 })).items) {
          expect(level.reserved).toBeGreaterThanOrEqual(0);
          expect(level.allocated).toBeGreaterThanOrEqual(0);
          expect(level.short).toBe(Math.max(0, level.reserved + level.allocated - level.onHand));
        }
      }),
      { numRuns: 15 },
    );
  });
});

/** Three SKUs at three places, and whatever reservations, transfers and deliveries a run makes. */
const newWorld = async () => {
  const mark = freshSku();
  const places = [await freshLocation(api()), await freshLocation(api()), await freshLocation(api())];
  const reservations: string[] = [];
  const transfers: string[] = [];
  const deliveries: string[] = [];
  const at = ({ sku, place }: { sku: number; place: number }) => ({
    sku: `${mark}-${sku}`,
    locationId: places[place] ?? '',
  });
  const pick = (ids: readonly string[], which: number) => ids[which % Math.max(1, ids.length)];
  const remember = async (ids: string[], made: Promise<{ id: string }>) => void ids.push((await made).id);
  const take = async (one: Step, client: ReturnType<typeof api>): Promise<unknown> => {
    switch (one.do) {
      case 'receive':
        return client.receiveStock({ ...at(one), quantity: one.quantity });
      case 'adjust':
        return client.adjustStock({ ...at(one), change: one.change, reason: 'random' });
      case 'count':
        return client.countStock({ ...at(one), counted: one.counted });
      case 'policy':
        return client.setLevel({ ...at(one), safety: one.safety, backorderable: one.backorderable, backorderLimit: 5 });
      case 'sell':
      case 'sellPartly':
        return remember(
          reservations,
          client.reserveStock({
            ownerId: newId('till'),
            lines: [
              { sku: at(one).sku, quantity: one.quantity },
              { sku: `${mark}-0`, quantity: 1 },
            ],
            partial: one.do === 'sellPartly',
          }),
        );
      case 'move':
      case 'send':
        return remember(
          transfers,
          client.transferStock({
            fromLocationId: at(one).locationId,
            toLocationId: places[(one.place + 1) % 3] ?? '',
            lines: [{ sku: at(one).sku, quantity: one.quantity }],
            inTransit: one.do === 'send',
          }),
        );
      case 'expect':
        return remember(deliveries, client.expectDelivery({ ...at(one), quantity: one.quantity }));
      case 'expire':
        return platform
          .database('inventory')
          .run(`UPDATE reservation SET expires_at = now() WHERE id = $1 AND state = 'reserved'`, [
            pick(reservations, one.which) ?? '',
          ]);
      default:
        return settle(one, client);
    }
  };
  const settle = async (one: Extract<Step, { which: number }>, client: ReturnType<typeof api>): Promise<unknown> => {
    const reservationId = pick(reservations, one.which);
    const transferId = pick(transfers, one.which);
    const deliveryId = pick(deliveries, one.which);
    if (one.do === 'commit' && reservationId) return client.commitReservation({ reservationId });
    if (one.do === 'release' && reservationId) return client.releaseReservation({ reservationId });
    if (one.do === 'ship' && reservationId) return client.shipStock({ reservationId });
    if (one.do === 'return' && reservationId) return client.returnStock({ reservationId });
    if (one.do === 'arrive' && transferId) return client.receiveTransfer({ transferId });
    if (one.do === 'turnBack' && transferId) return client.cancelTransfer({ transferId });
    if (one.do === 'cancelDelivery' && deliveryId) return client.cancelDelivery({ deliveryId });
    return undefined;
  };
  return { mark, take };
};
