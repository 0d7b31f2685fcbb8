import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openS3ObjectStore } from '../../../microservices/ports/object-store/s3.ts';
import type { S3ObjectStore } from '../../../microservices/ports/object-store/s3/store.ts';
import { unfinishedUploads } from '../../../microservices/ports/object-store/s3/testing.ts';
import { startTestServer, testedServers, type TestServer } from './testing.ts';

const MIB = 1024 ** 2;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Memory in use after a garbage collection. */
const heldBytes = (): number => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const binary = { contentType: 'application/octet-stream' };

describe.each(testedServers)('ObjectStore on $title when things go wrong', (engine) => {
  let server: TestServer;
  let store: S3ObjectStore;
  beforeAll(async () => {
    server = await startTestServer(engine);
    store = await openS3ObjectStore({ url: server.url, timeoutMs: 6_000 });
  });
  afterAll(async () => {
    store.close();
    await server.remove();
  });

  const away: unknown = expect.objectContaining({
    code: 'OBJECT_STORE_UNAVAILABLE',
    status: 503,
    message: expect.stringContaining(`127.0.0.1:`) as string,
  });

  test('an object of 128 MiB goes up and comes down without being held in memory', async () => {
    const chunk = randomBytes(MIB / 16);
    const before = heldBytes();
    let most = 0;
    const look = (): void => {
      most = Math.max(most, heldBytes() - before);
    };
    const chunks = Readable.from(
      (async function* () {
        for (let i = 0; i < 128 * 16; i += 1) {
          if (i % 256 === 255) look();
          yield Buffer.from(chunk);
        }
      })(),
    );
    const uploading = setInterval(look, 1_000);
    const put = await store.put('large', chunks, binary);
    clearInterval(uploading);
    const found = await store.get('large');
    let size = 0;
    for await (const bytes of found?.body ?? []) {
      const { length } = bytes as Buffer;
      if (Math.floor((size + length) / (16 * MIB)) > Math.floor(size / (16 * MIB))) look();
      size += length;
    }
    expect([put.size, size]).toEqual([128 * MIB, 128 * MIB]);
    // Some parts under way, and what is garbage but not free yet.
    expect(most).toBeLessThan(64 * MIB);
  }, 180_000);

  test('killed in the middle of an upload, away, and back: nothing of it stays, and it works again', async () => {
    await store.put('kill/before', Buffer.from('before'), binary);
    const upload = store.put('kill/torn', Buffer.alloc(128 * MIB, 7), binary);
    const failed = expect(upload).rejects.toEqual(away);
    while ((await unfinishedUploads({ url: server.url }, 'kill/torn')) === 0);
    await server.kill();
    await failed;
    await expect(store.put('kill/torn', Buffer.from('x'), binary)).rejects.toEqual(away);
    await expect(store.stat('kill/before')).rejects.toEqual(away);
    await expect(store.list('', { limit: 10 })).rejects.toEqual(away);

    await server.start();
    expect(await store.stat('kill/torn')).toBeUndefined();
    expect((await store.list('kill/', { limit: 10 })).map(({ key }) => key)).toEqual(['kill/before']);
    const found = await store.get('kill/before');
    expect(found && (await buffer(found.body)).toString()).toBe('before');
    expect(await unfinishedUploads({ url: server.url }, 'kill/torn')).toBe(1);
    await store.put('kill/after', Buffer.from('after'), binary);
    expect(await unfinishedUploads({ url: server.url }, 'kill/torn')).toBe(0);
  }, 180_000);

  test('a download that breaks in the middle is an error, not a short object', async () => {
    await store.put('long', randomBytes(64 * MIB), binary);
    const found = await store.get('long');
    const reading = (async () => {
      for await (const bytes of found?.body ?? []) if ((bytes as Buffer).length > 0) await server.kill();
    })();
    await expect(reading).rejects.toThrow();
    await server.start();
  }, 180_000);

  test('of uploads through a signed URL that run out or were forged nothing is stored', async () => {
    const past = await openS3ObjectStore({ url: server.url, now: () => new Date(Date.now() - 120_000) });
    const expired = await past.presign('PUT', 'signed', { expiresInSeconds: 60, contentType: 'text/plain' });
    past.close();
    const good = await store.presign('PUT', 'signed', { expiresInSeconds: 60, contentType: 'text/plain' });
    const otherKeys = new URL(server.url);
    otherKeys.password = 'f'.repeat(40);
    const signature = new URL(good).searchParams.get('X-Amz-Signature') ?? '';
    const forged = [
      expired,
      good.replace(signature, 'f'.repeat(signature.length)),
      good.replace('/signed?', '/other?'),
      good.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'),
      good.replace('content-type%3Bhost', 'host'),
    ];
    for (const url of forged) {
      const answer = await fetch(url, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: 'x' });
      expect([url === good, answer.status]).toEqual([false, 403]);
    }
    expect(await store.stat('signed')).toBeUndefined();
    expect(await store.stat('other')).toBeUndefined();
    const answer = await fetch(good, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: 'x' });
    expect(answer.status).toBe(200);
  });

  test.each([
    [
      'a wrong secret key',
      (url: URL) => (url.password = 'wrong'),
      /refused access to the bucket.*Check the access key/,
    ],
    [
      'a wrong access key',
      (url: URL) => (url.username = 'nobody'),
      /refused access to the bucket.*Check the access key/,
    ],
    ['no keys', (url: URL) => (url.username = url.password = ''), /has no access key and secret key/],
    ['no bucket', (url: URL) => (url.pathname = '/'), /names the bucket ""/],
    ['a bucket that is none', (url: URL) => (url.pathname = '/No'), /names the bucket "No"/],
  ])('%s stops the start in words', async (_what, change, words) => {
    const url = new URL(server.url);
    change(url);
    await expect(openS3ObjectStore({ url: url.href })).rejects.toThrow(words);
  });
});

test('nobody there stops the start in words', async () => {
  const url = 'http://access:secret@127.0.0.1:9/bucket';
  await expect(openS3ObjectStore({ url })).rejects.toThrow(
    /^The object store at http:\/\/127\.0\.0\.1:9 does not answer as it should \(ECONNREFUSED/,
  );
});

test('a server that takes the connection and says nothing is given up', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const opening = openS3ObjectStore({ url: `http://access:secret@127.0.0.1:${port}/bucket`, timeoutMs: 200 });
  await expect(opening).rejects.toThrow(/does not answer as it should \(ETIMEDOUT: silent for more than 0.2 s\)/);
  // A question may be asked again.
  expect(sockets).toHaveLength(3);
  for (const socket of sockets) socket.destroy();
  silent.close();
});
