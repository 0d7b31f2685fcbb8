import fc from 'fast-check';
import { connect } from 'node:net';
import { endpoints } from './requests/endpoints.ts';
import { groupCases } from './testing/codec-cases-groups.ts';
import { topicCases } from './testing/codec-cases-topics.ts';
import { codecRows, encodeForeign } from './testing/kafkajs-protocol.ts';
import { temporaryBroker, type TemporaryBroker } from './testing/temporary-broker.ts';
import { connectWire, requestFrame } from './testing/wire-client.ts';
import { buildBatch, readRecords } from './testing/build-batch.ts';
import { signInByPlain } from './testing/sasl-requests.ts';
import { createTopic, fetchBatches, produceBatch, writeProduce } from './testing/wire-requests.ts';

/** One frame of every API and version that kafkajs writes, and a Produce. */
const validFrames: readonly Buffer[] = [
  Buffer.concat(requestFrame(0, 7, 1, (writer) => writeProduce(writer, 'orders', 0, buildBatch([{ value: 'x' }]), -1))),
  ...(await Promise.all(
    codecRows([...topicCases, ...groupCases]).map(async ({ wanted, version }) => {
      const body = await encodeForeign(wanted, version);
      return resized(Buffer.concat([...requestFrame(wanted.key, version, 1, () => undefined), body]));
    }),
  )),
];

const user = { username: 'shop', password: 'a secret' };
let running: TemporaryBroker;
let locked: TemporaryBroker;
beforeAll(async () => {
  running = await temporaryBroker();
  locked = await temporaryBroker({ user });
});
afterAll(async () => {
  await running.remove();
  await locked.remove();
});

/** Sends bytes and ends the connection; resolves when the broker has ended its side too. */
const sendAndEnd = (bytes: Buffer): Promise<void> => sendTo(running, bytes);

function sendTo(target: TemporaryBroker, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(target.broker().port, target.broker().host, () => socket.end(bytes));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
}

/** A request with any body. JoinGroup and Fetch may wait for long by right: the connection's end releases them. */
const anyRequest = fc
  .record({
    endpoint: fc.constantFrom(...endpoints),
    version: fc.nat(11),
    body: fc.uint8Array({ maxLength: 300 }),
  })
  .map(({ endpoint, version, body }) => {
    const known = endpoint.minVersion + (version % (endpoint.maxVersion - endpoint.minVersion + 1));
    const head = Buffer.concat(requestFrame(endpoint.key, known, 1, () => undefined));
    return resized(Buffer.concat([head, body]));
  });

/** A well-formed request with some bytes changed, removed or doubled. */
const mutatedRequest = fc
  .record({
    frame: fc.constantFrom(...validFrames),
    changes: fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255), kind: fc.nat(2) }), { minLength: 1, maxLength: 6 }),
  })
  .map(({ frame, changes }) => {
    let bytes: Buffer = Buffer.from(frame);
    for (const { at, byte, kind } of changes) {
      const place = 4 + (at % (bytes.length - 4));
      if (kind === 0) bytes.writeUInt8(byte, place);
      if (kind === 1 && bytes.length > 20) bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1)]);
      if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), bytes.subarray(place)]);
    }
    return resized(bytes);
  });

function resized(frame: Buffer): Buffer {
  const bytes = Buffer.from(frame);
  bytes.writeInt32BE(bytes.length - 4, 0);
  return bytes;
}

const runs = { numRuns: 250 };

describe('no bytes that a client can send harm the broker', () => {
  afterEach(async () => {
    const client = await connectWire(running.broker());
    const topic = `alive-${running.entries.length}-${Math.random().toString(36).slice(2)}`;
    expect(await createTopic(client, topic, 1)).toBe(0);
    const value = 'still here';
    expect((await produceBatch(client, topic, 0, buildBatch([{ value, timestamp: Date.now() }]))).errorCode).toBe(0);
    expect(readRecords((await fetchBatches(client, topic, 0, 0)).records)).toEqual([{ offset: 0, value }]);
    await client.close();
    expect(running.entries.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('random bytes', async () => {
    const bytes = fc.uint8Array({ maxLength: 500 }).map((content) => Buffer.from(content));
    await fc.assert(fc.asyncProperty(bytes, sendAndEnd), runs);
  });

  test('any body behind a proper header', async () => {
    await fc.assert(fc.asyncProperty(anyRequest, sendAndEnd), runs);
  });

  test('proper requests with some bytes changed', async () => {
    await fc.assert(fc.asyncProperty(mutatedRequest, sendAndEnd), runs);
  });
});

test('no bytes but the password get a client in', async () => {
  const sent = fc.array(fc.oneof(anyRequest, mutatedRequest, fc.constantFrom(...validFrames)), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(sent, (frames) => sendTo(locked, Buffer.concat(frames))),
    { numRuns: 150 },
  );
  expect(locked.broker().stats()).toMatchObject({ topics: 0, groups: 0 });
  expect(locked.entries.filter(({ level }) => level === 'error')).toEqual([]);
  const known = await connectWire(locked.broker());
  await signInByPlain(known, user);
  expect(await createTopic(known, 'mine', 1)).toBe(0);
  await known.close();
});
