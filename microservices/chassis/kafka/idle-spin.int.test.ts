import { setTimeout as sleep } from 'node:timers/promises';
import { startTestKafka, type TestKafka } from '../../../infra/test/kafka.ts';
import { until } from '../testing/until.ts';
import { openConsumer } from './consumer.ts';

let broker: TestKafka;
beforeAll(async () => {
  broker = await startTestKafka();
});
afterAll(() => broker.stop());

/** How many timers of less than 50 ms are made while nothing happens for a second. */
const shortTimersInASecond = async (): Promise<number> => {
  const original = globalThis.setTimeout;
  let short = 0;
  const counting = (...args: Parameters<typeof setTimeout>) => {
    if ((args[1] ?? 0) < 50) short += 1;
    return original(...args);
  };
  globalThis.setTimeout = Object.assign(counting, original);
  try {
    await sleep(1_000);
  } finally {
    globalThis.setTimeout = original;
  }
  return short;
};

test('an idle producer and consumer arm no busy timer', async () => {
  await broker.createTopic('idle');
  const received: string[] = [];
  const consumer = openConsumer(broker.kafka, { groupId: 'idle', maxWaitTimeInMs: 5_000 });
  await consumer.connect();
  await consumer.subscribe({ topic: 'idle', fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      received.push(String(message.value));
    },
  });
  await broker.producer.send({ topic: 'idle', messages: [{ value: 'one' }] });
  await until(() => received.length === 1);

  // Without the fix: one a millisecond and connection, thousands.
  expect(await shortTimersInASecond()).toBeLessThan(20);

  await broker.producer.send({ topic: 'idle', messages: [{ value: 'two' }] });
  await until(() => received.length === 2);
  expect(received).toEqual(['one', 'two']);
  await consumer.disconnect();
});
