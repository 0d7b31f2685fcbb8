import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newOwner, remote } from '../../../microservices/wallet/testing.ts';
import { walletContract } from '../../../microservices/wallet/contract.ts';
import { wallet } from '../../../microservices/wallet/index.ts';
import { describeKeyValuePort } from '../../../microservices/ports/key-value/port-contract.ts';
import { BEHIND_MS } from '../../../microservices/ports/key-value/port-contract/bench.ts';
import { cqlKeyValue, openCqlCluster, type CqlCluster } from '../../../microservices/ports/key-value/cql.ts';
import type { KeyValue } from '../../../microservices/ports/key-value/port.ts';
import {
  createTestKeyspace,
  testCqlAddress,
  type TestKeyspace,
} from '../../../microservices/ports/key-value/testing/cql.ts';
import { startTestPlatform } from '../../test/platform.ts';
import { borrowCassandra, CASSANDRA_PATIENCE_MS } from './testing.ts';

let giveBack: () => Promise<void>;
beforeAll(async () => {
  giveBack = await borrowCassandra();
}, CASSANDRA_PATIENCE_MS);
afterAll(() => giveBack());

describeKeyValuePort('CQL', async () => {
  const { store, cluster, keyspace, drop } = await createTestKeyspace();
  return { store, behind: cqlKeyValue(cluster, keyspace, { now: () => Date.now() - BEHIND_MS }), close: drop };
});

// Each store has a connection and turns of its own, as another process has: what keeps them apart is the cluster alone.
describe('several processes at one keyspace', () => {
  const PROCESSES = 4;
  let made: TestKeyspace;
  let clusters: CqlCluster[];
  let stores: KeyValue[];
  const byAll = <T>(times: number, work: (store: KeyValue, index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(
      Array.from({ length: times * PROCESSES }, (_, index) => work(stores[index % PROCESSES] ?? made.store, index)),
    );

  beforeAll(async () => {
    made = await createTestKeyspace();
    clusters = await Promise.all(Array.from({ length: PROCESSES }, () => openCqlCluster(testCqlAddress())));
    stores = clusters.map((cluster) => cqlKeyValue(cluster, made.keyspace));
  });
  afterAll(async () => {
    await Promise.all(clusters.map((cluster) => cluster.close()));
    await made.drop();
  });

  test('of 20 who race to create, exactly one wins', async () => {
    const versions = await byAll(5, (store, index) => store.compareAndSet('race', 'create', 0, index));
    expect(versions.filter((version) => version !== undefined)).toHaveLength(1);
  });

  test('20 who read, add one and compare-and-set lose nothing', async () => {
    await made.store.put('race', 'sum', 0);
    const addOne = async (store: KeyValue): Promise<void> => {
      const read = await store.get<number>('race', 'sum');
      if (read && (await store.compareAndSet('race', 'sum', read.version, read.value + 1))) return;
      await addOne(store);
    };
    await byAll(5, addOne);
    expect((await made.store.get('race', 'sum'))?.value).toBe(20);
  });

  test('20 puts get 20 versions, and the highest stands', async () => {
    const versions = await byAll(5, (store, index) => store.put('race', 'put', index));
    expect(new Set(versions).size).toBe(20);
    const last = Math.max(...versions);
    expect(await made.store.get('race', 'put')).toEqual({ value: versions.indexOf(last), version: last });
  });

  test('40 writes by version end with the highest, whoever came last', async () => {
    const versionOf = (index: number): number => ((index * 7) % 40) + 1;
    await byAll(10, (store, index) => store.putNewer('race', 'newer', index, versionOf(index)));
    const index = Array.from({ length: 40 }, (_, i) => versionOf(i)).indexOf(40);
    expect(await made.store.get('race', 'newer')).toEqual({ value: index, version: 40 });
  });

  test('a member ranked 20 times and others beside it: each is there once', async () => {
    await byAll(5, (store, index) =>
      index % 2 === 0 ? store.rank('race', 'set', 'one', index) : store.rank('race', 'set', `other-${index}`, 5),
    );
    const members = (await made.store.range('race', 'set', { limit: 100 })).map(({ member }) => member);
    expect(members.toSorted()).toEqual(
      ['one', ...Array.from({ length: 10 }, (_, i) => `other-${2 * i + 1}`)].toSorted(),
    );
  });
});

describe('a service on the platform', () => {
  test('keeps its key-value state there, and not in SQL', async () => {
    const platform = await startTestPlatform({ services: [wallet], remote });
    try {
      const ownerId = newOwner();
      const api = platform.client(walletContract);
      await api.topUp({ ownerId, amount: { amount: 100, currency: 'EUR' }, reference: 'card' });
      await api.rebuildRecentBalances({});
      const items = [{ currency: 'EUR', balance: 100, held: 0, available: 100, credit: 0 }];
      expect((await platform.keyValue('wallet').get('balances', ownerId))?.value).toEqual({ items });
      expect((await api.getBalance({ ownerId, freshness: 'recent' })).items).toEqual(items);
      expect(await platform.database('wallet').rows('SELECT * FROM key_value')).toEqual([]);
    } finally {
      await platform.stop();
    }
  });
});
