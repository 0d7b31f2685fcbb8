import { errorCodes } from './protocol/error-codes.ts';
import { readArray, readInt16, readInt32 } from './protocol/reader.ts';
import { buildBatch, readRecords } from './testing/build-batch.ts';
import { temporaryBroker, type TemporaryBroker } from './testing/temporary-broker.ts';
import { connectWire, requestFrame, type WireClient } from './testing/wire-client.ts';
import { createTopic, fetchBatches, initProducerId, produceBatch } from './testing/wire-requests.ts';

let running: TemporaryBroker;
const clients: WireClient[] = [];

beforeAll(async () => {
  running = await temporaryBroker({ limits: { maxFrameBytes: 2 * 1024 * 1024, maxConnections: 20 } });
  expect(await createTopic(await client(), 'orders', 2, { 'retention.ms': '-1' })).toBe(0);
});
afterEach(async () => {
  for (const open of clients.splice(0)) await open.close();
});
afterAll(() => running.remove());

async function client(): Promise<WireClient> {
  const open = await connectWire(running.broker());
  clients.push(open);
  return open;
}

const one = (value: string, ...identity: Parameters<typeof buildBatch>[1][]): Buffer =>
  buildBatch([{ value }], identity[0]);

async function endOf(reader: WireClient, partition: number): Promise<number> {
  return (await fetchBatches(reader, 'orders', partition, 0)).highWatermark;
}

/** Another request on another connection is answered: the broker is alive. */
async function expectAlive(): Promise<void> {
  expect((await fetchBatches(await client(), 'orders', 0, 0)).errorCode).toBe(0);
}

describe('producing', () => {
  test('an idempotent batch sent twice is stored once and answered with the same offset', async () => {
    const producer = await client();
    const { producerId, epoch } = await initProducerId(producer);
    const first = await produceBatch(producer, 'orders', 0, one('once', { producerId, epoch, sequence: 0 }));
    const again = await produceBatch(await client(), 'orders', 0, one('once', { producerId, epoch, sequence: 0 }));
    expect(again).toEqual(first);
    expect(await endOf(producer, 0)).toBe(first.baseOffset + 1);
  });

  test('a gap in the sequence is refused, and an older epoch is fenced', async () => {
    const producer = await client();
    const { producerId } = await initProducerId(producer);
    const send = (sequence: number, epoch: number) =>
      produceBatch(producer, 'orders', 0, one('x', { producerId, epoch, sequence }));
    expect((await send(0, 0)).errorCode).toBe(0);
    expect((await send(2, 0)).errorCode).toBe(errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect((await send(0, 1)).errorCode).toBe(0);
    expect((await send(1, 0)).errorCode).toBe(errorCodes.INVALID_PRODUCER_EPOCH);
    expect((await send(1, 1)).errorCode).toBe(0);
  });

  test('sequences survive a restart of the broker', async () => {
    const before = await client();
    const { producerId, epoch } = await initProducerId(before);
    const first = await produceBatch(before, 'orders', 1, one('kept', { producerId, epoch, sequence: 0 }));
    await running.restart();
    const after = await client();
    expect(await produceBatch(after, 'orders', 1, one('kept', { producerId, epoch, sequence: 0 }))).toEqual(first);
    expect((await initProducerId(after)).producerId).toBeGreaterThan(producerId);
  });

  test.each([
    {
      name: 'an unknown topic',
      topic: 'nothing',
      acks: -1,
      batch: () => one('x'),
      code: errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
    },
    { name: 'acks 2', topic: 'orders', acks: 2, batch: () => one('x'), code: errorCodes.INVALID_REQUIRED_ACKS },
    {
      name: 'a batch over max.message.bytes',
      topic: 'orders',
      acks: 1,
      batch: () => one('x'.repeat(1_100_000)),
      code: errorCodes.MESSAGE_TOO_LARGE,
    },
    { name: 'garbage', topic: 'orders', acks: 1, batch: () => Buffer.alloc(200, 2), code: errorCodes.INVALID_RECORD },
  ])('$name is refused with its own error', async ({ topic, acks, batch, code }) => {
    expect((await produceBatch(await client(), topic, 0, batch(), acks)).errorCode).toBe(code);
  });

  test('acks 0 gets no answer; what comes next on the connection does, in order', async () => {
    const producer = await client();
    const end = await endOf(producer, 1);
    void produceBatch(producer, 'orders', 1, one('unanswered'), 0).catch(() => undefined);
    expect((await produceBatch(producer, 'orders', 1, one('answered'))).baseOffset).toBe(end + 1);
  });

  test('a failing acks 0 closes the connection, as it is the only way to tell', async () => {
    const producer = await client();
    void produceBatch(producer, 'nothing', 0, one('x'), 0).catch(() => undefined);
    await producer.closed;
    expect(running.entries.at(-1)?.message).toContain('nothing-0');
  });
});

describe('fetching', () => {
  test('waits for records to arrive, and answers as soon as they do', async () => {
    const reader = await client();
    const end = await endOf(reader, 0);
    const order: string[] = [];
    const fetched = fetchBatches(reader, 'orders', 0, end, { maxWaitMs: 60_000 }).then((answer) => {
      order.push('fetched');
      return answer;
    });
    const writer = await client();
    await fetchBatches(writer, 'orders', 0, 0);
    order.push('produced');
    await produceBatch(writer, 'orders', 0, one('awaited'));
    expect(readRecords((await fetched).records)).toEqual([{ offset: end, value: 'awaited' }]);
    expect(order).toEqual(['produced', 'fetched']);
  });

  test('goes on waiting while there is less than min_bytes', async () => {
    const reader = await client();
    const end = await endOf(reader, 0);
    const fetched = fetchBatches(reader, 'orders', 0, end, { maxWaitMs: 60_000, minBytes: 2000 });
    const writer = await client();
    await produceBatch(writer, 'orders', 0, one('small'));
    await produceBatch(writer, 'orders', 0, one('x'.repeat(3000)));
    expect(readRecords((await fetched).records).map(({ offset }) => offset)).toEqual([end, end + 1]);
  });

  test('answers with nothing when the time is up', async () => {
    const reader = await client();
    const end = await endOf(reader, 0);
    expect(await fetchBatches(reader, 'orders', 0, end, { maxWaitMs: 30 })).toMatchObject({
      errorCode: 0,
      highWatermark: end,
    });
  });

  test('outside the log is out of range', async () => {
    const reader = await client();
    const end = await endOf(reader, 0);
    expect((await fetchBatches(reader, 'orders', 0, end + 1)).errorCode).toBe(errorCodes.OFFSET_OUT_OF_RANGE);
    expect((await fetchBatches(reader, 'orders', 0, -5)).errorCode).toBe(errorCodes.OFFSET_OUT_OF_RANGE);
    expect((await fetchBatches(reader, 'orders', 9, 0)).errorCode).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
  });

  test('a reader that does not take its answers does not hold up others, and loses nothing', async () => {
    const slow = await client();
    const start = await endOf(slow, 1);
    for (let index = 0; index < 20; index += 1) await produceBatch(slow, 'orders', 1, one('y'.repeat(500_000)));
    slow.socket.pause();
    const answers = Array.from({ length: 60 }, (_, index) => fetchBatches(slow, 'orders', 1, start + (index % 20)));
    const sentBefore = running.broker().stats().bytesOut;
    await expectAlive();
    const held = (await settled(() => running.broker().stats().bytesOut)) - sentBefore;
    expect(held).toBeLessThan(20 * 1024 * 1024); // of 60: the sockets' own buffers and one answer
    slow.socket.resume();
    const firsts = (await Promise.all(answers)).map(({ records }) => readRecords(records)[0]?.offset);
    expect(firsts).toEqual(firsts.map((_, index) => start + (index % 20)));
  });
});

describe('what does not follow the protocol', () => {
  test.each([
    { name: 'a frame over the limit', bytes: sized(2 * 1024 * 1024 + 1), reason: '2097153 bytes' },
    { name: 'a negative frame size', bytes: sized(-1), reason: 'announces -1 bytes' },
    { name: 'an HTTP request', bytes: Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), reason: 'are accepted' },
    { name: 'an unknown API', bytes: Buffer.concat(requestFrame(999, 0, 1, () => undefined)), reason: 'API 999' },
    {
      name: 'a version we do not speak',
      bytes: Buffer.concat(requestFrame(1, 12, 1, () => undefined)),
      reason: 'Fetch (4 to 11)',
    },
    {
      name: 'a cut body',
      bytes: Buffer.concat(requestFrame(3, 4, 1, (writer) => (writer.position += 3))),
      reason: 'bytes at position',
    },
  ])('$name closes its connection with a reason, and nothing else', async ({ bytes, reason }) => {
    const bystander = await client();
    const wrong = await client();
    wrong.socket.write(bytes);
    await wrong.closed;
    const last = running.entries.at(-1);
    expect(last).toMatchObject({ level: 'warn' });
    expect(last?.message).toContain(reason);
    expect((await fetchBatches(bystander, 'orders', 0, 0)).errorCode).toBe(0);
  });

  test('a newer ApiVersions is answered in version 0 with what we speak, and the connection stays', async () => {
    const newer = await client();
    const answer = await newer.request(
      18,
      4,
      () => undefined,
      (reader) => ({
        errorCode: readInt16(reader),
        keys: readArray(reader, () => [readInt16(reader), readInt16(reader), readInt16(reader)][0]),
      }),
    );
    expect(answer.errorCode).toBe(errorCodes.UNSUPPORTED_VERSION);
    expect(answer.keys).toContain(18);
    expect((await fetchBatches(newer, 'orders', 0, 0)).errorCode).toBe(0);
  });

  test('connections over the limit are refused and those that are open stay', async () => {
    const open = await Promise.all(Array.from({ length: 20 }, () => client()));
    await fetchBatches(open[0] ?? (await client()), 'orders', 0, 0);
    const refused = await connectWire(running.broker());
    await refused.closed;
    expect(running.entries.at(-1)?.message).toContain('limits.maxConnections');
    for (const one of open) expect((await fetchBatches(one, 'orders', 0, 0)).errorCode).toBe(0);
  });

  test('a connection that ends in the middle of a frame or of a long poll is forgotten', async () => {
    const half = await client();
    const polling = await client();
    const end = await endOf(polling, 0);
    half.socket.write(sized(1000));
    const poll = fetchBatches(polling, 'orders', 0, end, { maxWaitMs: 60_000 }).catch((error: Error) => error.message);
    await half.close();
    await polling.close();
    expect(await poll).toContain('closed the connection');
    await expectAlive();
  });
});

/** A number once it has stopped changing. */
async function settled(read: () => number): Promise<number> {
  for (let before = -1; ;) {
    const now = read();
    if (now === before) return now;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function sized(size: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(size);
  return bytes;
}

test('requests sent in one piece are answered in order', async () => {
  const pipelining = await client();
  const end = await endOf(pipelining, 0);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => produceBatch(pipelining, 'orders', 0, one(`${index}`))),
  );
  expect(answers.map(({ baseOffset }) => baseOffset)).toEqual(answers.map((_, index) => end + index));
  expect(
    await pipelining.request(
      16,
      1,
      () => undefined,
      (reader) => [readInt32(reader), readInt16(reader)],
    ),
  ).toEqual([0, 0]);
});
