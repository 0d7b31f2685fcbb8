/**
 * A network that loses connections while they are made. The client's process must live on, find the cluster again, and
 * end by itself. Uses the cluster of TEST_CQL and the keyspace that is given.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { cqlKeyValue, openCqlCluster, type CqlCluster } from '../../../microservices/ports/key-value/cql.ts';
import { testCqlAddress } from '../../../microservices/ports/key-value/testing/cql.ts';
import { untilWithin } from '../../../microservices/chassis/testing/until.ts';
import { startLossyProxy } from './lossy-proxy.ts';

const until = untilWithin(240_000);

/** Few: each has to sign in again and again, and the node takes a while for a password. */
const CLIENTS = 6;
/** From where a connection signs in to where the client knows the cluster. */
const ANSWERS = { least: 4, most: 15 };
const FLAPPING_MS = 5_000;

const [keyspace = ''] = process.argv.slice(2);
const { contactPoints, credentials } = testCqlAddress();

const proxies = await Promise.all(Array.from({ length: CLIENTS }, () => startLossyProxy(contactPoints[0] ?? '')));
const clusters: CqlCluster[] = [];
// One after the other: the node takes its time for a password.
for (const { address } of proxies) clusters.push(await openCqlCluster({ contactPoints: [address], credentials }));

for (const proxy of proxies) {
  proxy.loseConnectionsAfter(() => randomInt(ANSWERS.least, ANSWERS.most));
  proxy.goAway()();
}
await sleep(FLAPPING_MS);
for (const proxy of proxies) proxy.loseConnectionsAfter(() => Infinity);

await Promise.all(
  clusters.map((cluster, number) => {
    const store = cqlKeyValue(cluster, keyspace);
    return until(() => store.put('flapping', String(number), 'written').then(Boolean, () => false));
  }),
);
for (const cluster of clusters) await cluster.close();
for (const proxy of proxies) await proxy.stop();
