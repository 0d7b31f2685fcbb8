import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { KeyValue } from '../ports/key-value/port.ts';
import { openSqlKeyValue } from '../ports/key-value/sql.ts';
import { createTestDatabase } from '../chassis/testing/database.ts';
import { until } from '../chassis/testing/until.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { writeStaleBatch } from './service/recent-balances.ts';
import { eur, newOrder, newOwner, remote, usd } from './testing.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ services: [wallet], remote });
});
afterAll(() => platform.stop());

const api = () => platform.client(walletContract);
const store = (): KeyValue => platform.keyValue('wallet');
const fund = (ownerId: string, amount = eur(100)) => api().topUp({ ownerId, amount, reference: 'card' });
const exact = async (ownerId: string) => (await api().getBalance({ ownerId })).items;
const recent = async (ownerId: string) => (await api().getBalance({ ownerId, freshness: 'recent' })).items;
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const stale = async (): Promise<number> =>
  (await platform.database('wallet').one<{ count: number }>('SELECT count(*) AS count FROM stale_balance')).count;
const untilWritten = () => until('all balances are written', stale, (count) => count === 0);

/** What stands in the read model itself, without the ledger standing in for it. */
const kept = async (ownerId: string) => {
  const found = await store().get<{ items: unknown }>('balances', ownerId);
  return found && { items: found.value.items, version: found.version };
};

/** What should stand there: the ledger's balances under the sum of its versions. */
const wanted = async (ownerId: string) => ({
  items: await exact(ownerId),
  version: (
    await platform
      .database('wallet')
      .one<{ version: number }>('SELECT sum(version + 1)::bigint AS version FROM account WHERE owner_id = $1', [
        ownerId,
      ])
  ).version,
});

const rebuild = async (limit: number): Promise<number> => {
  let accounts = 0;
  let cursor: string | null | undefined;
  do {
    const page = await api().rebuildRecentBalances({ limit, ...(cursor ? { cursor } : {}) });
    accounts += page.accounts;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return accounts;
};

describe('recent balances', () => {
  test('follow every movement: top-ups, holds, captures, transfers, in every currency', async () => {
    const [ownerId, other] = [newOwner(), newOwner()];
    await fund(ownerId);
    await fund(ownerId, usd(7));
    const hold = await api().authorizeHold({ ownerId, amount: eur(30), reference: newOrder() });
    await api().captureHold({ holdId: hold.id, amount: eur(10), final: false });
    await api().transfer({ fromOwnerId: ownerId, toOwnerId: other, amount: eur(5), reference: 'gift' });
    await untilWritten();
    expect(await kept(ownerId)).toEqual(await wanted(ownerId));
    expect(await recent(ownerId)).toEqual([
      { currency: 'EUR', balance: 85, held: 20, available: 65, credit: 0 },
      { currency: 'USD', balance: 7, held: 0, available: 7, credit: 0 },
    ]);
    expect(await recent(other)).toEqual([{ currency: 'EUR', balance: 5, held: 0, available: 5, credit: 0 }]);
    expect((await api().getBalance({ ownerId, currency: 'USD', freshness: 'recent' })).items).toEqual([
      { currency: 'USD', balance: 7, held: 0, available: 7, credit: 0 },
    ]);
    expect((await api().getBalance({ ownerId, currency: 'JPY', freshness: 'recent' })).items).toEqual([]);
  });

  test('include an account that was only opened', async () => {
    const ownerId = newOwner();
    await fund(ownerId);
    await untilWritten();
    await api().openAccount({ ownerId, currency: 'USD' });
    await untilWritten();
    expect((await kept(ownerId))?.items).toEqual([
      { currency: 'EUR', balance: 100, held: 0, available: 100, credit: 0 },
      { currency: 'USD', balance: 0, held: 0, available: 0, credit: 0 },
    ]);
  });

  test('come from the ledger where the read model has none', async () => {
    const ownerId = newOwner();
    await fund(ownerId);
    await untilWritten();
    await store().delete('balances', ownerId);
    expect(await recent(ownerId)).toEqual([{ currency: 'EUR', balance: 100, held: 0, available: 100, credit: 0 }]);
    expect(await recent(newOwner())).toEqual([]);
  });

  test('may be old, and decide nothing', async () => {
    const ownerId = newOwner();
    await fund(ownerId);
    await untilWritten();
    // A value under a later version than the ledger's: it is not overwritten and cannot be spent.
    await store().putNewer(
      'balances',
      ownerId,
      { items: [{ currency: 'EUR', balance: 1e6, held: 0, available: 1e6, credit: 0 }] },
      1e9,
    );
    expect(await recent(ownerId)).toEqual([{ currency: 'EUR', balance: 1e6, held: 0, available: 1e6, credit: 0 }]);
    await expect(api().payOut({ ownerId, amount: eur(101), reference: 'bank' })).rejects.toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
    });
    expect(await exact(ownerId)).toEqual([{ currency: 'EUR', balance: 100, held: 0, available: 100, credit: 0 }]);
  });
});

describe('a read model that was lost', () => {
  test('is rebuilt page by page and equals the ledger', async () => {
    const owners = times(25, newOwner);
    await Promise.all(owners.map((ownerId, index) => fund(ownerId, eur(index + 1))));
    await Promise.all(owners.slice(0, 5).map((ownerId) => fund(ownerId, usd(3))));
    await untilWritten();
    const before = await Promise.all(owners.map(kept));
    await Promise.all(owners.map((ownerId) => store().delete('balances', ownerId)));
    expect(await Promise.all(owners.map(kept))).toEqual(owners.map(() => undefined));

    const { accounts } = await api().auditLedger({});
    expect(await rebuild(7)).toBe(accounts);
    expect(await Promise.all(owners.map(kept))).toEqual(before);
    expect(before).toEqual(await Promise.all(owners.map(wanted)));
  });

  test('is rebuilt while money moves, by several at once: every balance ends right', async () => {
    const owners = times(8, newOwner);
    await Promise.all(owners.map((ownerId) => fund(ownerId, eur(1_000))));
    const pick = (index: number): string => owners[index % owners.length] ?? '';
    let moving = true;
    const movements = Promise.all(
      times(240, (index) =>
        api().transfer({
          fromOwnerId: pick(index),
          toOwnerId: pick(index + 1 + (index % 5)),
          amount: eur(1 + (index % 7)),
          reference: 'race',
        }),
      ),
    ).finally(() => (moving = false));
    const again = async (limit: number): Promise<void> => {
      while (moving) {
        await store().delete('balances', pick(limit));
        await rebuild(limit);
      }
    };
    await Promise.all([movements, again(3), again(50), again(1_000)]);
    await untilWritten();
    await rebuild(100);
    expect(await Promise.all(owners.map(kept))).toEqual(await Promise.all(owners.map(wanted)));
    const money = (await Promise.all(owners.map(recent))).flat().reduce((sum, { balance }) => sum + balance, 0);
    expect(money).toBe(8 * 1_000);
  });
});

describe('a crash between the commit and the write', () => {
  const fresh = async () => {
    const test = await createTestDatabase();
    const database = test.open('wallet');
    await database.migrate(new URL('./migrations/', import.meta.url));
    return { test, database };
  };
  const change = async (database: Awaited<ReturnType<typeof fresh>>['database'], id: string, balance: number) =>
    database.transaction(async (tx) => {
      await tx.run(
        `INSERT INTO account (id, owner_id, currency, balance, version, opened_at) VALUES ($1, $1, 'EUR', $2, 1, now())
         ON CONFLICT (id) DO UPDATE SET balance = EXCLUDED.balance, version = account.version + 1`,
        [id, balance],
      );
      await tx.run(
        `INSERT INTO stale_balance (account_id, version) SELECT id, version FROM account WHERE id = $1
         ON CONFLICT (account_id) DO UPDATE SET version = EXCLUDED.version`,
        [id],
      );
    });

  test('a store that fails keeps the mark, and the next round writes', async () => {
    const { test: made, database } = await fresh();
    const real = openSqlKeyValue(database);
    let failing = true;
    const keyValue: KeyValue = {
      ...real,
      putNewer: async (...given) => {
        if (failing) throw new Error('the store is away');
        return real.putNewer(...given);
      },
    };
    const write = (): Promise<boolean> => writeStaleBatch({ database, keyValue });
    await change(database, 'a', 5);
    await expect(write()).rejects.toThrow('the store is away');
    expect(await real.get('balances', 'a')).toBeUndefined();
    failing = false;
    expect(await write()).toBe(false);
    expect((await real.get('balances', 'a'))?.version).toBe(2);
    expect(await database.rows('SELECT * FROM stale_balance')).toEqual([]);
    await made.drop();
  });

  test('a change while its balance is being written stays marked', async () => {
    const { test: made, database } = await fresh();
    const real = openSqlKeyValue(database);
    let between: (() => Promise<void>) | undefined = () => change(database, 'a', 6);
    const keyValue: KeyValue = {
      ...real,
      putNewer: async (...given) => {
        const written = await real.putNewer(...given);
        await between?.();
        between = undefined;
        return written;
      },
    };
    const write = (): Promise<boolean> => writeStaleBatch({ database, keyValue });
    await change(database, 'a', 5);
    await write();
    expect(await database.rows('SELECT version FROM stale_balance')).toEqual([{ version: 2 }]);
    await write();
    expect(await real.get('balances', 'a')).toMatchObject({
      value: { items: [{ currency: 'EUR', balance: 6, held: 0, available: 6, credit: 0 }] },
      version: 3,
    });
    await made.drop();
  });

  test('a process killed 12 times at any instant leaves no balance unwritten', async () => {
    const { test: made, database } = await fresh();
    const names = times(40, (index) => `owner-${index}`);
    for (let round = 1; round <= 12; round += 1) {
      const writer = spawn(process.execPath, [fileURLToPath(new URL('testing/write-recent.ts', import.meta.url))], {
        env: { ...process.env, DATABASE_URL: made.url },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(writer.stdout, 'data');
      await Promise.all(names.map((id, index) => change(database, id, round * 1_000 + index)));
      await sleep(round * 3);
      writer.kill('SIGKILL');
      await once(writer, 'exit');
    }
    const keyValue = openSqlKeyValue(database);
    const write = (): Promise<boolean> => writeStaleBatch({ database, keyValue });
    while (await write());
    const balances = await Promise.all(
      names.map(
        async (id) => (await keyValue.get<{ items: { balance: number }[] }>('balances', id))?.value.items[0]?.balance,
      ),
    );
    expect(balances).toEqual(names.map((_, index) => 12_000 + index));
    expect(await database.rows('SELECT * FROM stale_balance')).toEqual([]);
    await made.drop();
  }, 240_000);
});
