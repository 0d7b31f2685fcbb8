import { beforeAll, describe, expect, test } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectStore } from '../port.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const newKey = (): string => `signed/${randomUUID()}`;
const plain = { contentType: 'text/plain' };

/** The port's promises on signed URLs, as tests; they are really fetched. */
export const describeSignedUrls = (open: () => ObjectStore): void => {
  describe('signed URLs', () => {
    let store: ObjectStore;
    beforeAll(() => {
      store = open();
    });
    const bytesOf = async (key: string): Promise<Buffer | undefined> => {
      const found = await store.get(key);
      return found && buffer(found.body);
    };

    const stored = async (body = 'hello world'): Promise<string> => {
      const key = newKey();
      await store.put(key, Buffer.from(body), plain);
      return key;
    };

    test('GET answers the bytes and their type to whoever holds it', async () => {
      const answer = await fetch(await store.presign('GET', await stored(), { expiresInSeconds: 60 }));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/plain');
      expect(answer.headers.get('content-length')).toBe('11');
      expect(await answer.text()).toBe('hello world');
    });

    test.each([
      ['bytes=0-4', 206, 'hello', 'bytes 0-4/11'],
      ['bytes=6-', 206, 'world', 'bytes 6-10/11'],
      ['bytes=-3', 206, 'rld', 'bytes 8-10/11'],
      ['bytes=6-999', 206, 'world', 'bytes 6-10/11'],
    ])('a range %s answers %i and those bytes', async (range, status, body, contentRange) => {
      const answer = await fetch(await store.presign('GET', await stored(), { expiresInSeconds: 60 }), {
        headers: { range },
      });
      expect([answer.status, await answer.text(), answer.headers.get('content-range')]).toEqual([
        status,
        body,
        contentRange,
      ]);
    });

    test('a range beyond the end answers 416', async () => {
      const answer = await fetch(await store.presign('GET', await stored(), { expiresInSeconds: 60 }), {
        headers: { range: 'bytes=11-' },
      });
      expect(answer.status).toBe(416);
    });

    test('GET of an absent object answers 404', async () => {
      expect((await fetch(await store.presign('GET', newKey(), { expiresInSeconds: 60 }))).status).toBe(404);
    });

    test('PUT stores the bytes under the agreed type', async () => {
      const key = newKey();
      const url = await store.presign('PUT', key, { expiresInSeconds: 60, contentType: 'image/png' });
      const answer = await fetch(url, { method: 'PUT', headers: { 'content-type': 'image/png' }, body: 'picture' });
      expect(answer.status).toBe(200);
      expect(await store.stat(key)).toMatchObject({
        size: 7,
        contentType: 'image/png',
        sha256: sha256(Buffer.from('picture')),
      });
    });

    test('what PUT replaces is described anew, and reads back', async () => {
      const key = await stored('first');
      for (const body of ['second', 'thirds']) {
        const url = await store.presign('PUT', key, { expiresInSeconds: 60, contentType: 'text/plain' });
        expect((await fetch(url, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body })).status).toBe(200);
        const found = await store.get(key);
        expect(found?.info).toMatchObject({ size: 6, sha256: sha256(Buffer.from(body)) });
        expect(found && (await buffer(found.body)).toString()).toBe(body);
        expect(await store.list(key, { limit: 1 })).toEqual([await store.stat(key)]);
      }
    });

    test('PUT cannot smuggle in a description of its own', async () => {
      const key = newKey();
      const url = await store.presign('PUT', key, { expiresInSeconds: 60, contentType: 'text/plain' });
      const headers = { 'content-type': 'text/plain', 'x-amz-meta-sha256': 'f'.repeat(64) };
      const answer = await fetch(url, { method: 'PUT', headers, body: 'honest' });
      const found = answer.ok ? await store.get(key) : undefined;
      found?.body.destroy();
      // Refused, or taken without it.
      expect(found?.info.sha256 ?? 'refused').toBe(answer.ok ? sha256(Buffer.from('honest')) : 'refused');
    });

    test('PUT of another type is refused and stores nothing', async () => {
      const key = newKey();
      const url = await store.presign('PUT', key, { expiresInSeconds: 60, contentType: 'image/png' });
      const answer = await fetch(url, { method: 'PUT', headers: { 'content-type': 'text/html' }, body: '<script>' });
      expect(answer.ok).toBe(false);
      expect(answer.status).toBeLessThan(500);
      expect(await store.stat(key)).toBeUndefined();
    });

    test('a URL for one method does not serve another', async () => {
      const key = await stored();
      const get = await store.presign('GET', key, { expiresInSeconds: 60 });
      const put = await store.presign('PUT', key, { expiresInSeconds: 60, contentType: 'text/plain' });
      expect((await fetch(get, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: 'x' })).status).toBe(
        403,
      );
      expect((await fetch(get, { method: 'DELETE' })).ok).toBe(false);
      expect((await fetch(put, { headers: { 'content-type': 'text/plain' } })).status).toBe(403);
      // Without a header that was signed, some servers find the request bad before they find it forbidden.
      expect([400, 403]).toContain((await fetch(put)).status);
      expect((await bytesOf(key))?.toString()).toBe('hello world');
    });

    test('a URL for one key does not serve another', async () => {
      const [mine, other] = [await stored('mine'), await stored('other')];
      const url = await store.presign('GET', mine, { expiresInSeconds: 60 });
      expect((await fetch(url.replace(mine, other))).status).toBe(403);
    });

    test('a URL whose query was changed in any place does not serve', async () => {
      const url = new URL(await store.presign('GET', await stored(), { expiresInSeconds: 60 }));
      for (const [name, value] of [...url.searchParams]) {
        const changed = new URL(url);
        changed.searchParams.set(name, value.endsWith('1') ? `${value.slice(0, -1)}2` : `${value.slice(0, -1)}1`);
        const without = new URL(url);
        without.searchParams.delete(name);
        for (const forged of [changed, without]) {
          const answer = await fetch(forged);
          expect([name, answer.ok, answer.status < 500]).toEqual([name, false, true]);
        }
      }
    });

    test('a URL runs out', async () => {
      const url = await store.presign('GET', await stored(), { expiresInSeconds: 1 });
      while ((await fetch(url)).status === 200) await sleep(100);
      expect((await fetch(url)).status).toBe(403);
    });

    test.each([0, -1, 1.5, 604_801])('%d seconds is no life for a URL', async (expiresInSeconds) => {
      await expect(store.presign('GET', newKey(), { expiresInSeconds })).rejects.toThrow('1 to 604800');
    });
  });
};
