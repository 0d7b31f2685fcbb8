import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestPlatform } from '../../infra/test/platform.ts';
import { tally } from '../chassis/testing/tally.ts';
import { apartFromTransaction } from '../chassis/database/holding.ts';
import type { Queryable } from '../chassis/database/index.ts';
import { newId } from '../chassis/ids.ts';
import { commitWith } from '../chassis/transaction.ts';
import { inventoryContract } from './contract.ts';
import { applyCommit, expireBatch } from './service/settle.ts';
import { commitOpen } from './store/reservations.ts';
import { freshLocation, freshSku, stocked } from './testing.ts';
import { startTwoInstances, type TwoInstances } from './testing/two-instances.ts';

let platform: TestPlatform;
let instances: TwoInstances;
const api = () => instances.api();
const both = (index: number) => instances.both(index);

beforeAll(async () => {
  instances = await startTwoInstances();
  ({ platform } = instances);
});
afterAll(() => instances.stop());
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
        const committing = both(1).commitReservation({ reservationId });
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
        () => both(1).releaseReservation({ reservationId }),
        () => both(1).commitReservation({ reservationId }),
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
