import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { topicOf } from '../../microservices/chassis/contract/index.ts';
import { fromMessage, typeOf } from '../../microservices/chassis/events/envelope.ts';
import { createKafka, type KafkaOptions } from '../../microservices/chassis/kafka/client.ts';
import { openConsumer } from '../../microservices/chassis/kafka/consumer.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import type { N8nClient } from './client.ts';

export interface ForgettingOptions {
  kafka: KafkaOptions;
  /** n8n's own database. */
  databaseUrl: string;
  /** n8n's API, signed in as the owner: it also deletes the files of an execution. */
  signIn: () => Promise<N8nClient>;
}

export interface Forgetting {
  stop(): Promise<void>;
}

const GROUP = 'n8n-erasure';
const EVERY_MS = 60_000;
const AT_ONCE = 100;

/** Who was erased lately. n8n keeps executions for a week, and one that ran at the time is saved when it ends. */
const TABLE = `CREATE TABLE IF NOT EXISTS fusioncommerce_erased (
  id text PRIMARY KEY, erased_at timestamptz NOT NULL DEFAULT now(), looked_until timestamptz)`;
const FORGET_OLD = `DELETE FROM fusioncommerce_erased WHERE erased_at < now() - interval '9 days'`;
/**
 * Executions that ended since the last look, and name one who was erased. Some minutes are looked at twice: data is
 * saved after the end.
 */
const MENTIONS = `SELECT DISTINCT e.id::text AS id FROM fusioncommerce_erased x
  JOIN execution_entity e ON x.looked_until IS NULL OR e."stoppedAt" IS NULL OR e."stoppedAt" > x.looked_until - interval '5 minutes'
  JOIN execution_data d ON d."executionId" = e.id
  WHERE e.status NOT IN ('new', 'running') AND position(x.id IN d.data) > 0`;
const LOOKED = 'UPDATE fusioncommerce_erased SET looked_until = $1 WHERE erased_at <= $1';

/**
 * Deletes executions that name a customer or an order that was erased, from now on until stopped. Those that wait are
 * deleted too: an erasure is complete only once the orders of the person are.
 */
export const startForgetting = async ({ kafka, databaseUrl, signIn }: ForgettingOptions): Promise<Forgetting> => {
  const { log } = kafka;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  pool.on('error', (err) => log.warn({ err }, 'a connection to n8n’s database was lost'));
  await pool.query(TABLE);
  const stopping = new AbortController();
  let wake = new AbortController();
  const consumer = openConsumer(createKafka(kafka), { groupId: GROUP });
  await consumer.connect();
  await consumer.subscribe({ topics: [customersContract, ordersContract].map(topicOf), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const ids = erasedIn(message);
      if (ids.length === 0) return;
      await pool.query('INSERT INTO fusioncommerce_erased (id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [
        ids,
      ]);
      wake.abort();
    },
  });
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      wake = new AbortController();
      await deleteMentions(pool, signIn).catch((err: unknown) =>
        log.warn({ err }, 'executions of erased persons could not be deleted; trying again'),
      );
      await sleep(EVERY_MS, undefined, { signal: AbortSignal.any([stopping.signal, wake.signal]) }).catch(
        () => undefined,
      );
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all([consumer.disconnect(), looking]);
      await pool.end();
    },
  };
};

type Message = Parameters<typeof fromMessage>[0];

/** Ids of a customer or an order that the event says was erased. */
const erasedIn = (message: Message): string[] => {
  const type = typeOf(message);
  if (type === 'order.erased')
    return [ordersContract.events['order.erased'].payload.parse(fromMessage(message).data).orderId];
  if (type !== 'customer.erased') return [];
  const { customerId, alsoKnownAs = [] } = customersContract.events['customer.erased'].payload.parse(
    fromMessage(message).data,
  );
  return [customerId, ...alsoKnownAs];
};

const deleteMentions = async (pool: pg.Pool, signIn: () => Promise<N8nClient>): Promise<void> => {
  await pool.query(FORGET_OLD);
  const { rows: times } = await pool.query<{ now: Date }>('SELECT now() AS now');
  const { rows } = await pool.query<{ id: string }>(MENTIONS);
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const n8n = await signIn();
    await n8n.post('/executions/delete', { ids: rows.slice(start, start + AT_ONCE).map(({ id }) => id) });
  }
  await pool.query(LOOKED, [times[0]?.now]);
};
