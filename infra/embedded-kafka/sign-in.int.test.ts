import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Admin, Producer, stringSerializers } from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { startBroker } from './index.ts';
import { runCommand, startProcess } from './testing/broker-process.ts';
import { saslAuthenticate, saslHandshake, signInByPlain } from './testing/sasl-requests.ts';
import { buildBatch } from './testing/build-batch.ts';
import { temporaryBroker, temporaryFolder, type TemporaryBroker } from './testing/temporary-broker.ts';
import { until } from './testing/until.ts';
import { connectWire, requestFrame, type WireClient } from './testing/wire-client.ts';
import { createTopic, fetchBatches, produceBatch } from './testing/wire-requests.ts';
import { errorCodes } from './protocol/error-codes.ts';
import { readArray, readInt16 } from './protocol/reader.ts';

const user = { username: 'shop', password: 'a secret, = of ours' };
const limits = { maxConnections: 30, maxNotSignedIn: 8, signInMs: 700, frameMs: 400, idleMs: 1500 };

let running: TemporaryBroker;
const clients: WireClient[] = [];
beforeAll(async () => {
  running = await temporaryBroker({ user, limits });
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

async function signedIn(): Promise<WireClient> {
  const open = await client();
  await signInByPlain(open, user);
  return open;
}

const lastMessage = (): string => running.entries.at(-1)?.message ?? '';

describe('before the sign-in', () => {
  test('what a broker offers may be asked for, and how to sign in', async () => {
    const stranger = await client();
    const apis = await stranger.request(
      18,
      0,
      () => undefined,
      (reader) => {
        readInt16(reader);
        return readArray(reader, () => [readInt16(reader), readInt16(reader), readInt16(reader)]);
      },
    );
    expect(apis).toContainEqual([17, 0, 1]);
    expect(apis).toContainEqual([36, 0, 2]);
    expect(await saslHandshake(stranger, 1, 'GSSAPI')).toEqual({
      errorCode: errorCodes.UNSUPPORTED_SASL_MECHANISM,
      mechanisms: ['SCRAM-SHA-256', 'SCRAM-SHA-512', 'PLAIN'],
    });
    await stranger.closed;
  });

  test('anything else closes the connection and does nothing', async () => {
    const known = await signedIn();
    await createTopic(known, 'orders', 1);
    for (const ask of [
      (stranger: WireClient) => produceBatch(stranger, 'orders', 0, buildBatch([{ value: 'forged' }])),
      (stranger: WireClient) => fetchBatches(stranger, 'orders', 0, 0),
      (stranger: WireClient) => createTopic(stranger, 'mine', 1),
    ]) {
      const stranger = await client();
      await expect(ask(stranger)).rejects.toThrow('closed the connection');
      expect(lastMessage()).toContain('before the client signed in');
    }
    const halfWay = await client();
    await saslHandshake(halfWay, 1, 'SCRAM-SHA-256');
    await expect(fetchBatches(halfWay, 'orders', 0, 0)).rejects.toThrow('closed the connection');
    expect((await fetchBatches(known, 'orders', 0, 0)).highWatermark).toBe(0);
  });

  test('a wrong password is refused, and what came behind it does nothing', async () => {
    const known = await signedIn();
    await createTopic(known, 'guarded', 1);
    const stranger = await client();
    const handshake = saslHandshake(stranger, 1, 'PLAIN');
    const refusal = saslAuthenticate(stranger, 1, '\0shop\0wrong');
    const forged = produceBatch(stranger, 'guarded', 0, buildBatch([{ value: 'forged' }])).catch(
      (error: unknown) => error,
    );
    await handshake;
    expect(await refusal).toMatchObject({ errorCode: errorCodes.SASL_AUTHENTICATION_FAILED });
    expect(await forged).toBeInstanceOf(Error);
    await stranger.closed;
    expect((await fetchBatches(known, 'guarded', 0, 0)).highWatermark).toBe(0);
  });

  test('no more than small requests are taken', async () => {
    const stranger = connect(running.broker().port, running.broker().host);
    const size = Buffer.alloc(4);
    size.writeInt32BE(1_000_000);
    stranger.on('error', () => undefined).write(size);
    await new Promise((resolve) => stranger.on('close', resolve));
    expect(lastMessage()).toContain('announces 1000000 bytes');
  });
});

describe('the sign-in', () => {
  test.each([0, 1, 2])('in SaslAuthenticate %i', async (version) => {
    const known = await client();
    await saslHandshake(known, 1, 'PLAIN');
    expect(await saslAuthenticate(known, version, `\0${user.username}\0${user.password}`)).toEqual({
      errorCode: 0,
      errorMessage: null,
      authBytes: '',
    });
    expect((await fetchBatches(known, 'nothing', 0, 0)).errorCode).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
    expect((await saslHandshake(known, 1, 'PLAIN')).errorCode).toBe(errorCodes.ILLEGAL_SASL_STATE);
    expect((await saslAuthenticate(known, version, 'x')).errorCode).toBe(errorCodes.ILLEGAL_SASL_STATE);
  });

  test('with bare tokens after SaslHandshake 0, then requests as ever', async () => {
    for (const password of [user.password, 'wrong']) {
      const known = await client();
      await saslHandshake(known, 0, 'PLAIN');
      const token = Buffer.from(`\0${user.username}\0${password}`);
      const size = Buffer.alloc(4);
      size.writeInt32BE(token.length);
      known.socket.write(Buffer.concat([size, token]));
      if (password === 'wrong') await known.closed;
      else expect((await fetchBatches(known, 'nothing', 0, 0)).errorCode).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION);
    }
  });

  test('is not asked for, and said to be out of place, where nobody has to sign in', async () => {
    const open = await temporaryBroker();
    const anybody = await connectWire(open.broker());
    expect(await saslHandshake(anybody, 1, 'PLAIN')).toEqual({
      errorCode: errorCodes.ILLEGAL_SASL_STATE,
      mechanisms: [],
    });
    expect(await createTopic(anybody, 'open', 1)).toBe(0);
    await anybody.close();
    await open.remove();
  });
});

describe('real clients', () => {
  const brokers = () => [running.broker().address];
  const kafkajs = (mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', password = user.password) =>
    new Kafka({
      brokers: brokers(),
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
      sasl: { mechanism: mechanism as 'plain', username: user.username, password },
    });

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('kafkajs signs in by %s', async (mechanism) => {
    const producer = kafkajs(mechanism).producer();
    const admin = kafkajs(mechanism).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: mechanism, numPartitions: 1 }] });
    await producer.connect();
    const [sent] = await producer.send({ topic: mechanism, messages: [{ value: 'x' }] });
    expect(sent?.baseOffset).toBe('0');
    await producer.disconnect();
    await admin.disconnect();
  });

  test('kafkajs goes on after its connections were closed while idle', async () => {
    const producer = kafkajs('scram-sha-256').producer({
      idempotent: true,
      maxInFlightRequests: 1,
      retry: { retries: 2 },
    });
    const send = () => producer.send({ topic: 'plain', messages: [{ value: 'x' }] });
    await producer.connect();
    const [first] = await send();
    await until(() => running.broker().stats().connections === 0);
    const [second] = await send();
    expect(Number(second?.baseOffset)).toBe(Number(first?.baseOffset) + 1);
    await producer.disconnect();
  });

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'kafkajs with a wrong password: %s',
    async (mechanism) => {
      const admin = kafkajs(mechanism, 'wrong').admin();
      await expect(admin.connect()).rejects.toMatchObject({
        name: 'KafkaJSSASLAuthenticationError',
        message: expect.stringContaining('invalid username or password') as string,
      });
      await admin.disconnect();
    },
  );

  test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const)(
    '@platformatic/kafka signs in by %s',
    async (mechanism) => {
      const options = { clientId: 'p', bootstrapBrokers: brokers(), retries: 0, sasl: { mechanism, ...user } };
      const admin = new Admin(options);
      await admin.createTopics({ topics: [`p-${mechanism}`], partitions: 1, replicas: 1 });
      const producer = new Producer({ ...options, serializers: stringSerializers });
      const message = { topic: `p-${mechanism}`, value: 'x' };
      expect((await producer.send({ messages: [message] })).offsets).toEqual([
        { topic: message.topic, partition: 0, offset: 0n },
      ]);
      await producer.close();
      await admin.close();
      const wrong = new Admin({ ...options, sasl: { mechanism, username: user.username, password: 'wrong' } });
      await expect(wrong.listTopics()).rejects.toThrow();
      await wrong.close();
    },
  );
});

describe('connections that only take up room', () => {
  test('without a sign-in they make room for newcomers, and who signs in stays', async () => {
    const known = await signedIn();
    const idle = await Promise.all(Array.from({ length: 40 }, () => client()));
    const newcomer = await signedIn();
    expect(await createTopic(newcomer, 'room', 1)).toBe(0);
    expect((await fetchBatches(known, 'room', 0, 0)).errorCode).toBe(0);
    expect(running.broker().stats().notSignedIn).toBeLessThanOrEqual(limits.maxNotSignedIn);
    await idle[0]?.closed;
  });

  test('all that fit may be signed in; one more is refused, and those that are open stay', async () => {
    const open: WireClient[] = [];
    while (open.length < limits.maxConnections) open.push(await signedIn());
    const refused = await client();
    await refused.closed;
    expect(lastMessage()).toContain('limits.maxConnections');
    for (const one of open) expect((await fetchBatches(one, 'room', 0, 0)).errorCode).toBe(0);
  });

  test('a client has so long to sign in, however it fills the time', async () => {
    const stranger = await client();
    const asking = setInterval(() => void saslHandshake(stranger, 1, 'PLAIN').catch(() => undefined), 50);
    await stranger.closed;
    clearInterval(asking);
    expect(lastMessage()).toContain('did not sign in within 700 ms');
  });

  test('a request that arrives byte by byte has so long to arrive', async () => {
    const slow = await signedIn();
    const bytes = Buffer.concat(requestFrame(3, 1, 1, () => undefined));
    let at = 0;
    const trickle = setInterval(() => slow.socket.write(bytes.subarray(at, (at += 1))), 60);
    await slow.closed;
    clearInterval(trickle);
    expect(at).toBeLessThan(bytes.length);
    expect(lastMessage()).toContain('did not arrive whole within 400 ms');
  });

  test('one that asks for nothing is closed, one that waits for records is not', async () => {
    const [idle, polling] = [await signedIn(), await signedIn()];
    await createTopic(polling, 'polled', 1);
    const polled = fetchBatches(polling, 'polled', 0, 0, { maxWaitMs: 3000 });
    await idle.closed;
    expect(lastMessage()).toContain('was idle for 1500 ms');
    expect(await polled).toMatchObject({ errorCode: 0, highWatermark: 0 });
  });
});

describe('who can reach it', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await temporaryFolder();
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  test('without a user only this machine', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'localhost.example.com'])
      await expect(startBroker({ dataDir, host })).rejects.toThrow('without a user listens on this machine only');
    await (await startBroker({ dataDir, host: '0.0.0.0', user })).close();
    await (await startBroker({ dataDir, host: 'localhost' })).close();
  });

  test('the command takes the password from the environment alone', async () => {
    const { code, errors } = await runCommand(['--data', dataDir, '--username', 'shop']);
    expect([code, errors]).toEqual([1, expect.stringContaining('KAFKA_PASSWORD')]);
    const broker = await startProcess(dataDir, 0, { username: user.username, password: user.password });
    const known = await connectWire(broker.address);
    await signInByPlain(known, user);
    expect(await createTopic(known, 'x', 1)).toBe(0);
    const stranger = await connectWire(broker.address);
    await expect(createTopic(stranger, 'y', 1)).rejects.toThrow('closed the connection');
    expect(await broker.end('SIGTERM')).toBe(0);
  });

  test('nobody else enters its folder or reads its files, and an older folder is closed', async () => {
    const older = join(dataDir, 'older');
    await mkdir(older, { mode: 0o755 });
    await chmod(older, 0o755);
    const folder = join(dataDir, 'new');
    for (const path of [older, folder]) {
      const broker = await startBroker({ dataDir: path });
      const anybody = await connectWire(broker);
      await createTopic(anybody, 'orders', 1);
      await produceBatch(anybody, 'orders', 0, buildBatch([{ value: 'x' }]));
      await broker.close();
      const inside = await readdir(path, { recursive: true, withFileTypes: true });
      const open = await Promise.all(
        ['.', ...inside.map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))].map(async (name) =>
          ((await stat(join(path, name))).mode & 0o077) === 0 ? undefined : name,
        ),
      );
      expect(inside.length).toBeGreaterThan(5);
      expect(open.filter(Boolean)).toEqual([]);
    }
  });
});

test('closing leaves nothing behind', async () => {
  for (const open of clients.splice(0)) await open.close();
  await until(() => running.broker().stats().connections === 0);
  expect(running.entries.filter(({ level }) => level === 'error')).toEqual([]);
});
