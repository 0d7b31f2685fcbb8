import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { randomBytes } from 'node:crypto';
import express from 'express';
import { objectRoutes, openDiskObjectStore } from './disk.ts';
import { rangeOf } from './disk/range.ts';
import { describeObjectStorePort } from './port-contract.ts';

const signingKey = randomBytes(32);

const openOnDisk = async (maxBytes?: number) => {
  const directory = await mkdtemp(join(tmpdir(), 'object-store-'));
  let url = '';
  const store = await openDiskObjectStore({
    directory,
    signingKey,
    publicUrl: () => url,
    ...(maxBytes ? { maxBytes } : {}),
  });
  const server = createServer(express().use(objectRoutes(store)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { directory, store, url, close: () => closeAll(server, directory) };
};

const closeAll = async (server: Server, directory: string): Promise<void> => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(directory, { recursive: true });
};

describeObjectStorePort('disk', () => openOnDisk());

describe('the disk adapter', () => {
  let opened: Awaited<ReturnType<typeof openOnDisk>>;
  beforeAll(async () => {
    opened = await openOnDisk(1_000);
  });
  afterAll(() => opened.close());

  const drafts = () => readdir(join(opened.directory, 'drafts'));
  const endless = (): Readable =>
    Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(300);
      })(),
    );

  test('stops a stream at the size limit and leaves nothing behind', async () => {
    await expect(opened.store.put('big', endless(), { contentType: 'a/b' })).rejects.toMatchObject({
      code: 'OBJECT_TOO_LARGE',
      status: 413,
    });
    expect(await drafts()).toEqual([]);
    expect(await opened.store.stat('big')).toBeUndefined();
    expect((await opened.store.put('fits', Buffer.alloc(1_000), { contentType: 'a/b' })).size).toBe(1_000);
  });

  test.each([
    ['declared', Buffer.alloc(1_001)],
    ['streamed', undefined],
  ])('answers 413 to a PUT that is too large (%s)', async (_how, body) => {
    const url = await opened.store.presign('PUT', 'upload', { expiresInSeconds: 60 });
    const streamed = Readable.toWeb(Readable.from([Buffer.alloc(600), Buffer.alloc(600)])) as ReadableStream;
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: body ?? streamed,
      duplex: 'half',
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'OBJECT_TOO_LARGE', status: 413, instance: '/objects/upload' });
    expect(await opened.store.stat('upload')).toBeUndefined();
  });

  test.each(['/objects/..%2f..%2fetc%2fpasswd', '/objects/%2e%2e/x', '/objects/%', '/objects/', '/objects/a/../b'])(
    '%s is refused as a key',
    async (path) => {
      const { status, body } = await rawGet(opened.url, path);
      expect(status).toBe(400);
      expect(JSON.parse(body)).toMatchObject({ code: 'INVALID_OBJECT_KEY' });
    },
  );

  test('leaves other paths to the next handler', async () => {
    expect((await fetch(`${opened.url}/v1/orders`)).status).toBe(404);
  });

  test('tells a browser not to run what was uploaded, and not to fetch again what it has', async () => {
    await opened.store.put('page.html', Buffer.from('<script>'), { contentType: 'text/html' });
    const url = await opened.store.presign('GET', 'page.html', { expiresInSeconds: 60 });
    const first = await fetch(url);
    expect(first.headers.get('content-security-policy')).toContain('sandbox');
    expect(first.headers.get('x-content-type-options')).toBe('nosniff');
    const again = await fetch(url, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '8']);
  });

  test('says when a link ran out, and until when it was valid', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const store = await openDiskObjectStore({
      directory: opened.directory,
      signingKey,
      publicUrl: opened.url,
      now: () => new Date(now),
    });
    const url = new URL(await store.presign('GET', 'fits', { expiresInSeconds: 10 }));
    const grant = {
      method: 'GET',
      key: 'fits',
      contentType: '',
      expires: Number(url.searchParams.get('expires')),
    } as const;
    const refusal = () => store.refusal(grant, url.searchParams.get('signature') ?? '');
    now += 9_999;
    expect(refusal()).toBeUndefined();
    now += 1;
    expect(refusal()).toBe('expired');
    expect(await (await fetch(url)).json()).toMatchObject({
      code: 'URL_EXPIRED',
      detail: expect.stringContaining('2026-01-01T00:00:10.000Z') as string,
    });
  });

  test('opening deletes drafts of yesterday’s crash and keeps one that may be in the making', async () => {
    const folder = join(opened.directory, 'drafts');
    await writeFile(join(folder, 'old'), 'x');
    await writeFile(join(folder, 'new'), 'x');
    const longAgo = new Date(Date.now() - 2 * 86_400_000);
    await utimes(join(folder, 'old'), longAgo, longAgo);
    await openDiskObjectStore({ directory: opened.directory, signingKey, publicUrl: '' });
    expect(await drafts()).toEqual(['new']);
  });

  test('a delete takes the folders away that are empty without the object, and no other', async () => {
    const put = (key: string) => opened.store.put(key, Buffer.from(key), { contentType: 'text/plain' });
    const folders = async () =>
      (await readdir(join(opened.directory, 'objects'), { recursive: true })).filter((name) => name.startsWith('deep'));
    for (const key of ['deep/one/two/a', 'deep/one/b']) await put(key);
    await opened.store.delete('deep/one/two/a');
    expect((await folders()).toSorted()).toEqual(['deep.d', 'deep.d/one.d', 'deep.d/one.d/b.o']);
    await opened.store.delete('deep/one/b');
    await opened.store.delete('deep/never/there');
    expect(await folders()).toEqual([]);
  });

  test('puts and deletes in one folder at once: what was put last is there, and nothing fails', async () => {
    const { store } = opened;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let round = 0; round < 25; round += 1) {
        const key = `busy/${round % 3}/${writer}`;
        await store.put(key, Buffer.from(String(round)), { contentType: 'text/plain' });
        expect(await store.stat(key)).toMatchObject({ key, size: String(round).length });
        await store.delete(key);
        expect(await store.stat(key)).toBeUndefined();
      }
    });
    await Promise.all(writers);
    expect(await store.list('busy/', { limit: 10 })).toEqual([]);
    expect((await readdir(join(opened.directory, 'objects'))).filter((name) => name.startsWith('busy'))).toEqual([]);
  });

  test('a short signing key stops the start', async () => {
    await expect(
      openDiskObjectStore({ directory: opened.directory, signingKey: 'secret', publicUrl: '' }),
    ).rejects.toThrow('has 6 bytes; it needs 32');
  });

  test('a file that is not whole is an error that names it, not an object', async () => {
    await writeFile(join(opened.directory, 'objects', 'torn.o'), 'half');
    await expect(opened.store.stat('torn')).rejects.toThrow(/torn\.o is not a whole object file/);
  });
});

describe('rangeOf', () => {
  test.each([
    [undefined, 10, 'whole'],
    ['bytes=0-0', 10, { start: 0, end: 0 }],
    ['bytes=-20', 10, { start: 0, end: 9 }],
    ['bytes=-0', 10, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=10-12', 10, 'unsatisfiable'],
    ['bytes=5-4', 10, 'whole'],
    ['bytes=0-1,3-4', 10, 'whole'],
    ['lines=1-2', 10, 'whole'],
    ['bytes=-', 10, 'whole'],
  ])('%s of %i bytes', (header, size, expected) => {
    expect(rangeOf(header, size)).toEqual(expected);
  });
});

/** fetch() would resolve `..` before sending. */
const rawGet = async (base: string, path: string): Promise<{ status: number; body: string }> => {
  const { hostname, port } = new URL(base);
  const sent = request({ hostname, port, path });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
};
