import { createTestKeyspace } from '../../testing/cql.ts';
import { describeKeyValuePort } from './port-contract.ts';

describeKeyValuePort('CQL', async () => {
  const { store, drop } = await createTestKeyspace();
  return { store, close: drop };
});
