/**
 * A relay in a process of its own that dies by SIGKILL right after the broker acknowledged its first messages: the
 * worst instant there is, published and not yet deleted. Environment: DATABASE_URL, SCHEMA, BROKER, TOPIC.
 */
import { openDatabase } from '../database/index.ts';
import { startRelays } from '../events/relays.ts';
import { createKafka, createProducer } from '../kafka/client.ts';
import { silentLog } from './log.ts';

const { DATABASE_URL = '', SCHEMA = '', BROKER = '', TOPIC = '' } = process.env;
const producer = createProducer(createKafka({ brokers: [BROKER], clientId: 'doomed', log: silentLog }));
await producer.connect();
const database = openDatabase({ url: DATABASE_URL, schema: SCHEMA });
startRelays({ database, log: silentLog }).add({
  database,
  producer: {
    ...producer,
    send: async (record) => {
      await producer.send(record);
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => undefined);
    },
  },
  topic: TOPIC,
  source: '/widgets',
  log: silentLog,
});
