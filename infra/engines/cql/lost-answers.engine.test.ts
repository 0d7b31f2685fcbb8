import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cqlKeyValue, openCqlCluster, type CqlCluster } from '../../../microservices/ports/key-value/cql.ts';
import { CqlOutcomeUnknown, CqlUnreachable } from '../../../microservices/ports/key-value/cql/failures.ts';
import { migrateKeyspace } from '../../../microservices/ports/key-value/cql/migrate.ts';
import type { KeyValue } from '../../../microservices/ports/key-value/port.ts';
import { BEHIND_MS } from '../../../microservices/ports/key-value/port-contract/bench.ts';
import { untilWithin } from '../../../microservices/chassis/testing/until.ts';
import {
  createTestKeyspace,
  testCqlAddress,
  type TestKeyspace,
} from '../../../microservices/ports/key-value/testing/cql.ts';
import { startLossyProxy, type Fate, type LossyProxy } from './lossy-proxy.ts';
import { borrowCassandra, CASSANDRA_PATIENCE_MS } from './testing.ts';

const until = untilWithin(240_000);

jest.setTimeout(180_000);

const LOSSES = ['swallow', 'cut', 'time out'] as const;
/** So that an answer that nobody gets is missed soon. */
const patienceMs = 1_000;

/** A process of its own whose answers can get lost on the way. */
interface Unlucky {
  store: KeyValue;
  proxy: LossyProxy;
  cluster: CqlCluster;
}

let giveBack: () => Promise<void>;
let made: TestKeyspace;
let direct: KeyValue;
let unlucky: Unlucky;
const opened: Unlucky[] = [];

const openUnlucky = async (): Promise<Unlucky> => {
  const { contactPoints, credentials } = testCqlAddress();
  const proxy = await startLossyProxy(contactPoints[0] ?? '');
  const cluster = await openCqlCluster({ contactPoints: [proxy.address], credentials, patienceMs });
  const one = { proxy, cluster, store: cqlKeyValue(cluster, made.keyspace) };
  opened.push(one);
  return one;
};

beforeAll(async () => {
  giveBack = await borrowCassandra();
  made = await createTestKeyspace();
  direct = made.store;
  unlucky = await openUnlucky();
}, CASSANDRA_PATIENCE_MS);
afterEach(async () => {
  unlucky.proxy.loseAnswers(() => 'deliver');
});
afterAll(async () => {
  for (const { cluster, proxy } of opened) {
    await cluster.close();
    await proxy.stop();
  }
  await made.drop();
  await giveBack();
});

const SPACE = 'lost';
const newKey = (): string => randomUUID();
/** Loses the first answer only, and does something else at that moment. */
const loseFirst = (fate: Fate, meanwhile: () => void = () => undefined): void =>
  unlucky.proxy.loseAnswers((number) => {
    if (number > 1) return 'deliver';
    meanwhile();
    return fate;
  });

describe.each(LOSSES)('the answer of a write is lost (%s)', (fate) => {
  test('put: it was written once, under the version that is answered', async () => {
    const key = newKey();
    await direct.put(SPACE, key, 'before');
    loseFirst(fate);
    const version = await unlucky.store.put(SPACE, key, 'mine');
    expect(await direct.get(SPACE, key)).toEqual({ value: 'mine', version });
  });

  test('compare-and-set: won, also where somebody wrote over it before it was asked again', async () => {
    const key = newKey();
    const first = await direct.put(SPACE, key, 0);
    let over: Promise<number> | undefined;
    loseFirst(fate, () => void (over = direct.put(SPACE, key, 'over it')));
    const version = await unlucky.store.compareAndSet(SPACE, key, first, 'mine');
    expect(version).toBeGreaterThan(first);
    expect(await over).toBeGreaterThan(version ?? Infinity);
    expect((await direct.get(SPACE, key))?.value).toBe('over it');
  });

  test('compare-and-set: won, also where it was deleted before it was asked again', async () => {
    const key = newKey();
    let gone: Promise<void> | undefined;
    loseFirst(fate, () => void (gone = direct.delete(SPACE, key)));
    expect(await unlucky.store.compareAndSet(SPACE, key, 0, 'mine')).toBeGreaterThan(0);
    await gone;
    expect(await direct.get(SPACE, key)).toBeUndefined();
  });

  test('compare-and-set: a refusal stays one', async () => {
    const key = newKey();
    const first = await direct.put(SPACE, key, 'first');
    const second = await direct.put(SPACE, key, 'second');
    loseFirst(fate);
    expect(await unlucky.store.compareAndSet(SPACE, key, first, 'late')).toBeUndefined();
    expect(await direct.get(SPACE, key)).toEqual({ value: 'second', version: second });
  });

  test('writing by version: true for a write of its own', async () => {
    const key = newKey();
    await direct.putNewer(SPACE, key, 'older', 6);
    loseFirst(fate);
    expect(await unlucky.store.putNewer(SPACE, key, 'mine', 7)).toBe(true);
    expect(await unlucky.store.putNewer(SPACE, key, 'again', 7)).toBe(false);
    expect(await direct.get(SPACE, key)).toEqual({ value: 'mine', version: 7 });
  });

  test('delete: what is written after it stays', async () => {
    const key = newKey();
    await direct.put(SPACE, key, 'old');
    let after: Promise<number> | undefined;
    loseFirst(fate, () => void (after = direct.put(SPACE, key, 'new')));
    await unlucky.store.delete(SPACE, key);
    expect(await direct.get(SPACE, key)).toEqual({ value: 'new', version: await after });
  });

  test('rank: the member has its score', async () => {
    const set = newKey();
    await direct.rank(SPACE, set, 'one', 1);
    unlucky.proxy.loseAnswers((number) => (number === 2 ? fate : 'deliver'));
    await unlucky.store.rank(SPACE, set, 'one', 2);
    expect(await direct.range(SPACE, set, { limit: 10 })).toEqual([{ member: 'one', score: 2 }]);
  });
});

describe.each(LOSSES)('processes that start at once get in each other’s way (%s)', (fate) => {
  /**
   * The questions of a migration of one step, by number: what tables there are, what was done, the lease, what was done
   * meanwhile, the step, the lease again.
   */
  test.each([
    ['taking the lease', 3],
    ['leaving the lease', 6],
  ])('%s: the migration is made all the same, and nobody has the lease afterwards', async (_, lost) => {
    const name = `t${randomUUID().replaceAll('-', '')}`;
    unlucky.proxy.loseAnswers((number) => (number === lost ? fate : 'deliver'));
    const step = { name, statement: `CREATE TABLE IF NOT EXISTS ${name} (key int PRIMARY KEY)` };
    await migrateKeyspace(unlucky.cluster.client, made.keyspace, [step]);
    const ask = (text: string): Promise<number> =>
      made.cluster.client.execute(text, []).then(({ rowLength }) => rowLength);
    expect(await ask(`SELECT name FROM ${made.keyspace}.migration_step WHERE name = '${name}'`)).toBe(1);
    expect(await ask(`SELECT holder FROM ${made.keyspace}.migration_lease`)).toBe(0);
    expect(await ask(`SELECT key FROM ${made.keyspace}.${name}`)).toBe(0);
  });
});

describe('a write is late', () => {
  test('asked again it takes effect, and the late one changes nothing more', async () => {
    const key = newKey();
    const first = await direct.put(SPACE, key, 'first');
    const late = unlucky.proxy.holdNextBatch();
    const version = await unlucky.store.compareAndSet(SPACE, key, first, 'mine');
    const after = await direct.put(SPACE, key, 'after');
    expect(after).toBeGreaterThan(version ?? Infinity);
    await late.held;
    late.release();
    // The late one and this one go over one connection, one after the other.
    expect(await unlucky.store.compareAndSet(SPACE, key, after, 'last')).toBeGreaterThan(after);
    expect((await direct.get(SPACE, key))?.value).toBe('last');
  });

  test('what others have made impossible meanwhile is lost, and stays so', async () => {
    const key = newKey();
    const first = await direct.put(SPACE, key, 'first');
    const late = unlucky.proxy.holdNextBatch();
    const mine = unlucky.store.compareAndSet(SPACE, key, first, 'mine');
    await late.held;
    const version = await direct.put(SPACE, key, 'other');
    expect(await mine).toBeUndefined();
    late.release();
    expect(await unlucky.store.compareAndSet(SPACE, key, 0, 'no')).toBeUndefined();
    expect(await direct.get(SPACE, key)).toEqual({ value: 'other', version });
  });

  test('to create a key that others created and deleted: it does not come back', async () => {
    const key = newKey();
    const late = unlucky.proxy.holdNextBatch();
    const mine = unlucky.store.compareAndSet(SPACE, key, 0, 'mine');
    await late.held;
    await direct.put(SPACE, key, 'other');
    expect(await mine).toBeUndefined();
    await direct.delete(SPACE, key);
    late.release();
    expect(await unlucky.store.putNewer(SPACE, newKey(), 'next', 1)).toBe(true);
    expect(await unlucky.store.get(SPACE, key)).toBeUndefined();
  });
});

test('a delete is late: what was written meanwhile, even by a clock that is behind, stays', async () => {
  const key = newKey();
  await direct.put(SPACE, key, 'old');
  const late = unlucky.proxy.holdNextBatch();
  const gone = unlucky.store.delete(SPACE, key);
  await late.held;
  await direct.delete(SPACE, key);
  await gone;
  const behind = cqlKeyValue(made.cluster, made.keyspace, { now: () => Date.now() - BEHIND_MS });
  const version = await behind.put(SPACE, key, 'new');
  late.release();
  expect(await unlucky.store.putNewer(SPACE, newKey(), 'next', 1)).toBe(true);
  expect(await direct.get(SPACE, key)).toEqual({ value: 'new', version });
});

describe('a process of its own', () => {
  const runScript = (script: URL): Promise<unknown> =>
    promisify(execFile)(process.execPath, [fileURLToPath(script), made.keyspace], { env: process.env });

  test('that lost all its connections ends by itself once it has closed', async () => {
    await runScript(new URL('lose-and-close.ts', import.meta.url));
    expect((await direct.get('lost', 'key'))?.value).toBe('written');
  });

  test('whose connections are lost while they are made lives on, writes, and ends by itself', async () => {
    await runScript(new URL('flap.ts', import.meta.url));
    expect((await direct.get('flapping', '0'))?.value).toBe('written');
  });
});

describe('no connection stands', () => {
  const noticed = ({ cluster }: Unlucky): Promise<boolean> =>
    until(() => cluster.client.getState().getConnectedHosts().length === 0);
  const key = newKey();

  test.each<[string, (store: KeyValue) => Promise<unknown>, unknown]>([
    ['put', (store) => store.put(SPACE, key, 'mine'), expect.any(Number)],
    ['get', (store) => store.get(SPACE, key), { value: 'mine', version: expect.any(Number) }],
    ['increment', (store) => store.increment(SPACE, key), 1],
    ['rank', (store) => store.rank(SPACE, key, 'one', 1), undefined],
    ['range', (store) => store.range(SPACE, key, { limit: 1 }), [{ member: 'one', score: 1 }]],
    ['delete', (store) => store.delete(SPACE, key), undefined],
  ])('%s waits for one', async (_, ask, answer) => {
    const comeBack = unlucky.proxy.goAway();
    await noticed(unlucky);
    const asked = ask(unlucky.store);
    comeBack();
    expect(await asked).toEqual(answer);
  });

  test('and none comes: the error does not leave open whether it was written', async () => {
    const comeBack = unlucky.proxy.goAway();
    await noticed(unlucky);
    const error = await unlucky.store.put(SPACE, newKey(), 'mine').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CqlUnreachable);
    expect((error as Error).message).toContain('so nothing was done');
    comeBack();
  });
});

describe('nobody answers', () => {
  test('the error says that the outcome is unknown, of which key, and the next write finds its way', async () => {
    const key = newKey();
    unlucky.proxy.loseAnswers(() => 'swallow');
    const error = await unlucky.store.compareAndSet(SPACE, key, 0, 'mine').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CqlOutcomeUnknown);
    expect((error as Error).message).toContain(`not known whether ${SPACE} ${key} was written`);
    unlucky.proxy.loseAnswers(() => 'deliver');
    const read = await unlucky.store.get(SPACE, key);
    expect(read?.value).toBe('mine');
    expect(await unlucky.store.compareAndSet(SPACE, key, read?.version ?? 0, 'next')).toBeGreaterThan(0);
  });

  test('what the server refuses is its own error', async () => {
    const nowhere = cqlKeyValue(made.cluster, 'nowhere');
    const error = await nowhere.put(SPACE, 'key', 1).catch((reason: unknown) => reason);
    expect(error).not.toBeInstanceOf(CqlOutcomeUnknown);
    expect((error as Error).message).toContain('nowhere');
  });
});

describe('many writers who lose a third of their answers', () => {
  const WRITERS = 5;
  const ATTEMPTS = 12;
  const MOST_READS = 10;
  interface Sum {
    value: number;
    by: string[];
  }

  /** A read's answer may get lost too: it is asked for again. */
  const readSum = async (store: KeyValue, key: string): Promise<{ value: Sum; version: number }> => {
    for (let tried = 1; ; tried += 1) {
      const read = await store.get<Sum>(SPACE, key).catch((error: unknown) => {
        if (tried === MOST_READS) throw error;
      });
      if (read) return read;
    }
  };

  test('who was outcomes that it added one did, who was outcomes not did not, nobody twice', async () => {
    const key = newKey();
    await direct.put(SPACE, key, { value: 0, by: [] });
    const writers = await Promise.all(Array.from({ length: WRITERS }, openUnlucky));
    const outcomes = { won: [] as string[], lost: [] as string[] };
    await Promise.all(
      writers.map(async ({ store, proxy }, writer) => {
        proxy.loseAnswers((number) => (number % 3 === 0 ? (LOSSES[(number / 3) % LOSSES.length] ?? 'cut') : 'deliver'));
        for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
          const me = `${writer}-${attempt}`;
          const { value, version } = await readSum(store, key);
          const next = { value: value.value + 1, by: [...value.by, me] };
          const written = await store.compareAndSet(SPACE, key, version, next);
          (written === undefined ? outcomes.lost : outcomes.won).push(me);
        }
      }),
    );
    const sum = await readSum(direct, key);
    expect(sum.value.by.toSorted()).toEqual(outcomes.won.toSorted());
    expect(sum.value.value).toBe(outcomes.won.length);
    expect(outcomes.won.length + outcomes.lost.length).toBe(WRITERS * ATTEMPTS);
    expect(outcomes.won.length).toBeGreaterThan(0);
    // Otherwise this was no test.
    expect(writers.every(({ proxy }) => proxy.lost() > 0)).toBe(true);
  });
});
