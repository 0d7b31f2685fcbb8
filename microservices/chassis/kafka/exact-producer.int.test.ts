import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Kafka, logLevel, type ICustomPartitioner, type ISocketFactory, type Producer } from 'kafkajs';
import { startTestKafka, type TestKafka } from '../../../infra/test/kafka.ts';
import { exactProducer } from './exact-producer.ts';

let broker: TestKafka;
beforeAll(async () => {
  broker = await startTestKafka();
});
afterAll(() => broker.stop());

const PRODUCE = 0;
let answersAreLost = false;

/**
 * Connections whose answers to Produce are lost on the way while `answersAreLost`: the broker has the messages, the
 * client cannot know.
 */
const losingAnswers: ISocketFactory = ({ host, port, onConnect }) => {
  const socket = connect({ host, port }, onConnect);
  let produced = false;
  const [write, emit] = [socket.write.bind(socket), socket.emit.bind(socket)];
  socket.write = (request: Buffer, ...more: never[]) => {
    // The length comes first, then which request it is.
    produced ||= request.readInt16BE(4) === PRODUCE;
    return write(request, ...more);
  };
  socket.emit = (name: string, ...args: unknown[]) => {
    if (name !== 'data' || !produced || !answersAreLost) return emit(name, ...args);
    socket.destroy(new Error('The connection broke before the answer'));
    return true;
  };
  return socket;
};

const openProducer = (createPartitioner: ICustomPartitioner): Producer =>
  new Kafka({
    brokers: [broker.address],
    clientId: 'test',
    logLevel: logLevel.NOTHING,
    socketFactory: losingAnswers,
  }).producer({
    createPartitioner,
    idempotent: true,
    maxInFlightRequests: 1,
    retry: { initialRetryTime: 10, retries: 1 },
  });

const values = async (topic: string): Promise<(string | undefined)[]> =>
  (await broker.read(topic)).map(({ value }) => value?.toString());

test('when the answer to a send was lost, then other messages after it are published, neither dropped nor refused', async () => {
  await broker.createTopic('lost-answers');
  const producer = exactProducer(openProducer);
  await producer.connect();
  const send = (...texts: string[]) =>
    producer.send({ topic: 'lost-answers', acks: -1, messages: texts.map((value) => ({ value })) });
  await send('first');
  answersAreLost = true;
  await expect(send('unanswered')).rejects.toThrow();
  answersAreLost = false;
  // As many as went before it, under the numbers that kafkajs would use again: taken for it, and dropped.
  await send('after');
  // More than went before: refused, for ever.
  await send('later', 'last');
  await producer.disconnect();
  expect(await values('lost-answers')).toEqual(['first', 'unanswered', 'after', 'later', 'last']);
});

test('sends to one topic go one after the other, so that what is sent meanwhile does not take the place of one that fails', async () => {
  await broker.createTopic('side-by-side');
  const producer = exactProducer(openProducer);
  await producer.connect();
  const send = (value: string) => producer.send({ topic: 'side-by-side', acks: -1, messages: [{ value }] });
  answersAreLost = true;
  const failing = expect(send('unanswered'))
    .rejects.toThrow()
    .then(() => {
      answersAreLost = false;
    });
  const beside = ['one', 'two', 'three'].map(send);
  await failing;
  await Promise.allSettled(beside);
  await producer.disconnect();
  const sent = (await Promise.allSettled(beside)).map(({ status }, index) => [status, ['one', 'two', 'three'][index]]);
  const there = await values('side-by-side');
  for (const [status, value] of sent) if (status === 'fulfilled') expect(there).toContain(value);
  expect(there[0]).toBe('unanswered');
});
