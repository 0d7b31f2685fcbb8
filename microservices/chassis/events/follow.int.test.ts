import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestKafka, type TestKafka } from '../../../infra/test/kafka.ts';
import { silentLog } from '../testing/log.ts';
import { until } from '../testing/until.ts';
import { toMessage } from './envelope.ts';
import { follow } from './follow.ts';
import { createStreams } from './streams.ts';

let kafka: TestKafka;
beforeAll(async () => {
  kafka = await startTestKafka();
});
afterAll(() => kafka.stop());

const HOUR = 3_600_000;

/** A topic and what one process learns of it. */
const start = async (partitions = 3) => {
  const topic = `follow-${randomUUID()}`;
  await kafka.createTopic(topic, partitions);
  const send = (type: string, subject: string, time = Date.now()) => {
    const event = { id: randomUUID(), type, source: '/test', subject, sequence: 1, correlationid: 'c', dataschema: '' };
    const message = toMessage({ ...event, time: new Date(time).toISOString(), data: { subject } });
    return kafka.producer.send({ topic, messages: [{ ...message, timestamp: String(time) }] });
  };
  const learned: string[] = [];
  const begin = () =>
    follow({
      streams: createStreams(kafka.kafka, kafka.producer, silentLog),
      topic,
      since: () => new Date(Date.now() - HOUR),
      types: ['thing.ended'],
      onEvent: ({ subject }) => {
        if (subject === 'poison') throw new Error('cannot be learned');
        learned.push(subject);
      },
      log: silentLog,
    });
  return { topic, send, learned, begin };
};

test('has learned every recent event of its types when it has caught up, and each later one as it comes', async () => {
  const { send, learned, begin } = await start();
  await send('thing.ended', 'old', Date.now() - 2 * HOUR);
  for (let n = 0; n < 50; n += 1) await send(n % 2 === 0 ? 'thing.ended' : 'thing.changed', `thing-${n}`);
  const following = begin();
  await following.caughtUp;
  const expected = Array.from({ length: 25 }, (_, index) => `thing-${index * 2}`);
  expect(learned.filter((subject) => subject !== 'old').toSorted()).toEqual(expected.toSorted());
  await send('thing.ended', 'late');
  await until('the late one is learned', () => learned.includes('late'));
  await following.stop();
});

test('passes over what it cannot learn or read', async () => {
  const { topic, send, learned, begin } = await start(1);
  await send('thing.ended', 'poison');
  await kafka.producer.send({ topic, messages: [{ value: 'no event', headers: { ce_type: 'thing.ended' } }] });
  await send('thing.ended', 'good');
  const following = begin();
  await following.caughtUp;
  expect(learned).toEqual(['good']);
  await following.stop();
});

test('an empty topic is caught up with at once, a stopped one too, and no group stays', async () => {
  const { begin } = await start();
  const following = begin();
  await following.caughtUp;
  await following.stop();
  const admin = kafka.kafka.admin();
  await admin.connect();
  const groups = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
  await admin.disconnect();
  expect(groups.filter((group) => group.startsWith('follow-'))).toEqual([]);
});
