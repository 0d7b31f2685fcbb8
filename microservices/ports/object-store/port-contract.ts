import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ObjectStore } from './port.ts';
import { describeSignedUrls } from './signed-urls/port-contract.ts';

export interface OpenedObjectStore {
  store: ObjectStore;
  close: () => Promise<void>;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The promises of the ObjectStore port, as tests. Every adapter runs them all; signed URLs are really fetched. */
export const describeObjectStorePort = (adapter: string, open: () => Promise<OpenedObjectStore>): void => {
  describe(`ObjectStore port on ${adapter}`, () => {
    let opened: OpenedObjectStore;
    let store: ObjectStore;
    const folder = randomUUID();
    const newKey = (): string => `${folder}/${randomUUID()}`;
    const plain = { contentType: 'text/plain' };

    const bytesOf = async (key: string): Promise<Buffer | undefined> => {
      const found = await store.get(key);
      return found && buffer(found.body);
    };

    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.close());

    describe('put and get', () => {
      test('an absent object answers undefined', async () => {
        expect(await store.get(newKey())).toBeUndefined();
        expect(await store.stat(newKey())).toBeUndefined();
      });

      test.each([
        ['nothing', 0],
        ['one byte', 1],
        ['three mebibytes and a bit', 3 * 1024 * 1024 + 7],
      ])('%s comes back byte for byte, with its description', async (_what, size) => {
        const key = newKey();
        const bytes = randomBytes(size);
        const put = await store.put(key, bytes, { contentType: 'image/svg+xml; charset=utf-8' });
        expect(put).toMatchObject({ key, size, contentType: 'image/svg+xml; charset=utf-8', sha256: sha256(bytes) });
        expect(Number.isNaN(Date.parse(put.lastModified))).toBe(false);
        expect(await store.stat(key)).toEqual(put);
        const found = await store.get(key);
        expect(found?.info).toEqual(put);
        expect((await bytesOf(key))?.equals(bytes)).toBe(true);
        found?.body.destroy();
      });

      test('a stream is stored as its bytes', async () => {
        const key = newKey();
        await store.put(key, Readable.from([Buffer.from('one '), Buffer.from('two')]), plain);
        expect((await bytesOf(key))?.toString()).toBe('one two');
      });

      test('a stream that breaks leaves what was there before', async () => {
        const [kept, never] = [newKey(), newKey()];
        const breaking = (): Readable =>
          Readable.from(
            (async function* () {
              yield Buffer.alloc(100_000);
              throw new Error('the upload broke');
            })(),
          );
        await store.put(kept, Buffer.from('before'), plain);
        await expect(store.put(kept, breaking(), plain)).rejects.toThrow('the upload broke');
        await expect(store.put(never, breaking(), plain)).rejects.toThrow('the upload broke');
        expect((await bytesOf(kept))?.toString()).toBe('before');
        expect(await store.stat(never)).toBeUndefined();
        expect(await store.list(never, { limit: 10 })).toEqual([]);
      });

      test('a stream of many parts comes back byte for byte', async () => {
        const key = newKey();
        const chunk = randomBytes(1_000_003);
        const size = 21 * chunk.length;
        const put = await store.put(key, Readable.from(Array.from({ length: 21 }, () => chunk)), plain);
        const expected = createHash('sha256');
        for (let i = 0; i < 21; i += 1) expected.update(chunk);
        expect(put).toMatchObject({ size, sha256: expected.digest('hex') });
        expect(await store.stat(key)).toEqual(put);
        const bytes = await bytesOf(key);
        expect([bytes?.length, bytes && sha256(bytes)]).toEqual([size, put.sha256]);
      });

      test('a stream that breaks after many parts leaves nothing', async () => {
        const key = newKey();
        const breaking = Readable.from(
          (async function* () {
            for (let i = 0; i < 20; i += 1) yield Buffer.alloc(1_000_000);
            throw new Error('the upload broke late');
          })(),
        );
        await expect(store.put(key, breaking, plain)).rejects.toThrow('the upload broke late');
        expect(await store.stat(key)).toBeUndefined();
        expect(await store.list(key, { limit: 10 })).toEqual([]);
      });

      test('of ten writers at once one wins whole: bytes and description belong together', async () => {
        const key = newKey();
        const bodies = Array.from({ length: 10 }, (_, i) => Buffer.alloc(50_000 + i, i));
        await Promise.all(bodies.map((body, i) => store.put(key, body, { contentType: `x/n${i}` })));
        const found = await store.get(key);
        const bytes = found && (await buffer(found.body));
        expect(bytes && sha256(bytes)).toBe(found?.info.sha256);
        expect(found?.info.contentType).toBe(`x/n${(found?.info.size ?? 0) - 50_000}`);
      });

      test('a reader keeps the object that it opened while another takes its place', async () => {
        const key = newKey();
        await store.put(key, Buffer.alloc(2_000_000, 1), plain);
        const opened = await store.get(key);
        await store.put(key, Buffer.alloc(10, 2), plain);
        const bytes = opened && (await buffer(opened.body));
        expect(bytes && sha256(bytes)).toBe(opened?.info.sha256);
      });

      test('a deleted object is absent, and deleting it again is fine', async () => {
        const key = newKey();
        await store.put(key, Buffer.from('x'), plain);
        await store.delete(key);
        await store.delete(key);
        expect(await store.get(key)).toBeUndefined();
      });
    });

    describe('list', () => {
      test('keys with a prefix in code point order, page by page', async () => {
        const root = `${folder}/list-${randomUUID()}`;
        const names = [
          'a-b',
          'a/b',
          'a/c/d',
          'a.txt',
          'A',
          'Z/z',
          'b',
          'a0',
          'a/c0',
          'aa',
          '007',
          '1e3',
          '0x1F',
          '10.0',
        ];
        for (const name of names) await store.put(`${root}/${name}`, Buffer.from(name), plain);
        const ordered = names.map((name) => `${root}/${name}`).toSorted();

        const pages: string[] = [];
        for (let after: string | undefined; ;) {
          const page = await store.list(`${root}/`, { limit: 3, ...(after ? { after } : {}) });
          pages.push(...page.map(({ key }) => key));
          after = page.at(-1)?.key;
          if (page.length < 3) break;
        }
        expect(pages).toEqual(ordered);
        const under = async (prefix: string): Promise<string[]> =>
          (await store.list(`${root}/${prefix}`, { limit: 100 })).map(({ key }) => key.slice(root.length + 1));
        expect(await under('a/')).toEqual(['a/b', 'a/c/d', 'a/c0']);
        expect(await under('a/c')).toEqual(['a/c/d', 'a/c0']);
        expect(await under('nothing')).toEqual([]);
        expect((await store.list(`${root}/Z`, { limit: 1 }))[0]).toMatchObject({
          size: 3,
          sha256: sha256(Buffer.from('Z/z')),
        });
      });
    });

    describe('list, at its edges', () => {
      test('begins behind a key that need not exist', async () => {
        const root = newKey();
        for (const name of ['1', '3', '5']) await store.put(`${root}/${name}`, Buffer.from(name), plain);
        const behind = async (after: string): Promise<string[]> =>
          (await store.list(`${root}/`, { limit: 10, after: `${root}/${after}` })).map(({ key }) => key.slice(-1));
        expect([await behind('2'), await behind('3'), await behind('9')]).toEqual([['3', '5'], ['5'], []]);
      });

      test('what is listed is what stat says', async () => {
        const root = newKey();
        for (let i = 0; i < 20; i += 1) await store.put(`${root}/${i}`, Buffer.alloc(i), { contentType: `x/n${i}` });
        const listed = await store.list(`${root}/`, { limit: 1_000 });
        expect(listed).toEqual(await Promise.all(listed.map(({ key }) => store.stat(key))));
        expect(listed).toHaveLength(20);
      });

      test.each([0, -1, 1.5, 1_001])('a limit of %d is none', async (limit) => {
        await expect(store.list('', { limit })).rejects.toThrow('1 to 1000');
      });
    });

    describe('an object where another has its folder', () => {
      const taken = expect.objectContaining({ code: 'OBJECT_KEY_TAKEN', status: 409 });

      test.each([
        ['above', 'a/b', 'a'],
        ['below', 'a', 'a/b'],
        ['far below', 'a', 'a/b/c/d'],
      ])('%s it: refused, and the other stays as it is', async (_where, first, second) => {
        const root = newKey();
        await store.put(`${root}/${first}`, Buffer.from('first'), plain);
        await expect(store.put(`${root}/${second}`, Buffer.from('second'), plain)).rejects.toEqual(taken);
        await expect(store.presign('PUT', `${root}/${second}`, { expiresInSeconds: 60 })).rejects.toEqual(taken);
        expect((await bytesOf(`${root}/${first}`))?.toString()).toBe('first');
        expect(await store.stat(`${root}/${second}`)).toBeUndefined();
        expect((await store.list(`${root}/`, { limit: 10 })).map(({ key }) => key)).toEqual([`${root}/${first}`]);
      });

      test('is free again once the other is deleted', async () => {
        const root = newKey();
        await store.put(`${root}/a/b`, Buffer.from('first'), plain);
        await store.delete(`${root}/a`);
        expect((await bytesOf(`${root}/a/b`))?.toString()).toBe('first');
        await store.delete(`${root}/a/b`);
        await store.put(`${root}/a`, Buffer.from('second'), plain);
        expect((await bytesOf(`${root}/a`))?.toString()).toBe('second');
      });

      test('a name that only begins alike is another', async () => {
        const root = newKey();
        for (const name of ['a', 'ab/c', 'a.b']) await store.put(`${root}/${name}`, Buffer.from(name), plain);
        expect(await store.list(`${root}/`, { limit: 10 })).toHaveLength(3);
      });
    });

    describe('keys', () => {
      test.each([
        ['empty', ''],
        ['absolute', '/etc/passwd'],
        ['climbing', '../secret'],
        ['climbing inside', 'a/../../secret'],
        ['a dot', 'a/./b'],
        ['an empty part', 'a//b'],
        ['ending with a slash', 'a/'],
        ['with NUL', 'a\u0000b'],
        ['with a space', 'a b'],
        ['with a backslash', 'a\\..\\b'],
        ['not ASCII', 'é'],
        ['too long', 'a/'.repeat(256) + 'a'],
        ['with a part too long', 'a'.repeat(81)],
      ])('%s: refused everywhere, with a reason', async (_what, key) => {
        const refused = expect.objectContaining({
          code: 'INVALID_OBJECT_KEY',
          status: 400,
          message: expect.stringContaining('A key looks like'),
        });
        await expect(store.put(key, Buffer.from('x'), plain)).rejects.toEqual(refused);
        await expect(store.get(key)).rejects.toEqual(refused);
        await expect(store.stat(key)).rejects.toEqual(refused);
        await expect(store.delete(key)).rejects.toEqual(refused);
        await expect(store.presign('GET', key, { expiresInSeconds: 60 })).rejects.toEqual(refused);
      });

      test.each([
        '%2e%2e/x',
        '~!@$&*()_+=,:;.x',
        '"quoted"',
        '?a=b#c',
        '...',
        'a'.repeat(80),
        'CON',
        'x.o',
        'x.d',
        'x%41',
      ])('%s is only a name', async (name) => {
        const key = `${newKey()}/${name}`;
        await store.put(key, Buffer.from(name), plain);
        expect((await bytesOf(key))?.toString()).toBe(name);
        expect(await store.list(key, { limit: 1 })).toEqual([await store.stat(key)]);
        const answer = await fetch(await store.presign('GET', key, { expiresInSeconds: 60 }));
        expect(await answer.text()).toBe(name);
      });

      test('a content type that is none is refused', async () => {
        const refused = expect.objectContaining({ code: 'INVALID_CONTENT_TYPE', status: 400 });
        await expect(
          store.put(newKey(), Buffer.from('x'), { contentType: 'text/html\r\nset-cookie: a=b' }),
        ).rejects.toEqual(refused);
        await expect(store.presign('PUT', newKey(), { expiresInSeconds: 60, contentType: 'nonsense' })).rejects.toEqual(
          refused,
        );
      });
    });

    describeSignedUrls(() => opened.store);
  });
};
