import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newOwner, remote } from '../../../microservices/wallet/testing.ts';
import { walletContract } from '../../../microservices/wallet/contract.ts';
import { wallet } from '../../../microservices/wallet/index.ts';
import { describeKeyValuePort } from '../../../microservices/chassis/ports/key-value/port-contract.ts';
import { createTestKeyspace } from '../../../microservices/chassis/testing/cql.ts';
import { startTestPlatform } from '../../test/platform.ts';
import { borrowCassandra, CASSANDRA_PATIENCE_MS } from './testing.ts';

let giveBack: () => Promise<void>;
beforeAll(async () => {
  giveBack = await borrowCassandra();
}, CASSANDRA_PATIENCE_MS);
afterAll(() => giveBack());

describeKeyValuePort('CQL', async () => {
  const { store, drop } = await createTestKeyspace();
  return { store, close: drop };
});

describe('a service on the platform', () => {
  test('keeps its key-value state there, and not in SQL', async () => {
    const platform = await startTestPlatform({ services: [wallet], remote });
    try {
      const ownerId = newOwner();
      const api = platform.client(walletContract);
      await api.topUp({ ownerId, amount: { amount: 100, currency: 'EUR' }, reference: 'card' });
      await api.rebuildRecentBalances({});
      const items = [{ currency: 'EUR', balance: 100, held: 0, available: 100 }];
      expect((await platform.keyValue('wallet').get('balances', ownerId))?.value).toEqual({ items });
      expect((await api.getBalance({ ownerId, freshness: 'recent' })).items).toEqual(items);
      expect(await platform.database('wallet').rows('SELECT * FROM key_value')).toEqual([]);
    } finally {
      await platform.stop();
    }
  });
});
