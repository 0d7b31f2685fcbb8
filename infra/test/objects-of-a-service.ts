import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { defineContract, operation, text } from '../../microservices/chassis/contract/index.ts';
import { command } from '../../microservices/chassis/http/command.ts';
import type { HandlersOf } from '../../microservices/chassis/http/handlers.ts';
import type { ObjectStore } from '../../microservices/ports/object-store/port.ts';
import { defineService } from '../../microservices/chassis/service.ts';
import type { S3Bucket } from '../platform/objects.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';

const file = z.object({ key: z.string(), size: z.int(), contentType: z.string(), sha256: z.string() });
const access = { scope: 'files:write' };

const filesContract = defineContract({
  domain: 'files',
  title: 'Files',
  description: 'A domain that keeps objects, as media and exports will.',
  version: 1,
  operations: {
    storeFile: operation({
      method: 'POST',
      path: '/files',
      title: 'Store file',
      description: 'Stores a text as an object.',
      access,
      input: z.object({ key: text(500), body: text(1_000) }),
      output: file,
      errors: { INVALID_OBJECT_KEY: { status: 400, title: 'Object key not allowed' } },
      successStatus: 201,
    }),
    readFile: operation({
      method: 'GET',
      path: '/files',
      title: 'Read file',
      description: 'Answers an object as text.',
      access,
      input: z.object({ key: text(500) }),
      output: file.extend({ body: z.string() }),
      errors: { NO_FILE: { status: 404, title: 'No such file' } },
    }),
    linkFile: operation({
      method: 'POST',
      path: '/file-links',
      title: 'Link file',
      description: 'Gives a URL to upload or download an object.',
      access,
      input: z.object({ key: text(500), method: z.enum(['GET', 'PUT']) }),
      output: z.object({ url: z.string() }),
    }),
  },
  events: {},
});

const handlers = (objectStore: ObjectStore): HandlersOf<typeof filesContract> => ({
  storeFile: command({
    prepare: ({ key, body }) => objectStore.put(key, Buffer.from(body), { contentType: 'text/plain' }),
    commit: async (_tx, _input, _request, stored) => stored,
  }),
  readFile: async ({ key }, { errors }) => {
    const found = await objectStore.get(key);
    if (!found) throw errors.NO_FILE(`There is no file ${key}.`);
    return { ...found.info, body: (await buffer(found.body)).toString() };
  },
  linkFile: command({
    prepare: ({ key, method }) => objectStore.presign(method, key, { expiresInSeconds: 60, contentType: 'text/plain' }),
    commit: async (_tx, _input, _request, url) => ({ url }),
  }),
});

const files = defineService({
  contract: filesContract,
  migrations: new URL('./', import.meta.url),
  build: ({ objectStore }) => ({ handlers: handlers(objectStore) }),
});

/** Tests of a running service's objects, from its API to working signed URLs; on S3 when a server is given. */
export const describeObjectsOfAService = (
  where: string,
  open?: () => Promise<{ s3: S3Bucket; close: () => Promise<void> }>,
): void => {
  describe(`objects of a running service on ${where}`, () => {
    let platform: TestPlatform;
    let server: Awaited<ReturnType<NonNullable<typeof open>>> | undefined;
    beforeAll(async () => {
      server = await open?.();
      platform = await startTestPlatform({ services: [files], ...(server ? { s3: server.s3 } : {}) });
    });
    afterAll(async () => {
      await platform.stop();
      await server?.close();
    });

    test('what it stores it reads back, with its description', async () => {
      const client = platform.client(filesContract);
      const stored = await client.storeFile({ key: 'notes/1.txt', body: 'hello' });
      expect(stored).toMatchObject({ key: 'notes/1.txt', size: 5, contentType: 'text/plain' });
      expect(await client.readFile({ key: 'notes/1.txt' })).toEqual({ ...stored, body: 'hello' });
    });

    test('its links take an upload and give it back, to somebody without keys', async () => {
      const client = platform.client(filesContract);
      const headers = { 'content-type': 'text/plain' };
      const put = await client.linkFile({ key: 'uploads/1', method: 'PUT' });
      expect((await fetch(put.url, { method: 'PUT', headers, body: 'from outside' })).status).toBe(200);
      expect(await client.readFile({ key: 'uploads/1' })).toMatchObject({ body: 'from outside', size: 12 });
      const get = await client.linkFile({ key: 'uploads/1', method: 'GET' });
      expect(await (await fetch(get.url)).text()).toBe('from outside');
      expect((await fetch(get.url.slice(0, -1))).status).toBe(403);
    });

    test('a key that is none is a problem that says why', async () => {
      await expect(platform.client(filesContract).storeFile({ key: '../x', body: 'x' })).rejects.toMatchObject({
        code: 'INVALID_OBJECT_KEY',
        status: 400,
      });
    });
  });
};
