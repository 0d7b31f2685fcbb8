/**
 * Loses all connections to the cluster of TEST_CQL, writes all the same, and closes: nothing may keep this process from
 * ending by itself.
 */
import { cqlKeyValue, openCqlCluster } from '../../../microservices/ports/key-value/cql.ts';
import { testCqlAddress } from '../../../microservices/ports/key-value/testing/cql.ts';
import { startLossyProxy } from './lossy-proxy.ts';

const [keyspace = ''] = process.argv.slice(2);
const { contactPoints, credentials } = testCqlAddress();
const proxy = await startLossyProxy(contactPoints[0] ?? '');
const cluster = await openCqlCluster({ contactPoints: [proxy.address], credentials });
proxy.loseAnswers((number) => (number === 1 ? 'cut' : 'deliver'));
await cqlKeyValue(cluster, keyspace).put('lost', 'key', 'written');
await cluster.close();
await proxy.stop();
