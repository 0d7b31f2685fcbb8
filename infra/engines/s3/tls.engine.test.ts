import { mkdtemp, rm } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { IDataObject } from 'n8n-workflow';
import { createAccess } from '../../platform/access.ts';
import { openObjects, readS3Bucket, type Objects } from '../../platform/objects.ts';
import { readOptions, WrongSetting } from '../../platform/options.ts';
import { silentProgress } from '../../process/progress.ts';
import { loadPackage, type TestedPackage } from '../../n8n-package/testing/built-package.ts';
import { createCanvas, type CanvasNode } from '../../n8n-package/testing/canvas.ts';
import { makeCertificates, type Certificates } from '../../test/certificates.ts';
import type { RunningEngine } from '../engine.ts';
import { testedServers } from './testing.ts';

let folder: string;
let certificates: Certificates;
let built: TestedPackage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-s3-tls-'));
  certificates = await makeCertificates(join(folder, 'certificates'));
  built = await loadPackage();
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As npm start opens it. */
const open = async (url: string, authority?: string): Promise<Objects> => {
  const environment = { S3_URL: url, ...(authority === undefined ? {} : { S3_TLS_CA: authority }) };
  const options = readOptions([], environment);
  const s3 = options === 'help' ? undefined : await readS3Bucket(options, environment);
  const given = { s3, dataFolder: folder, access: createAccess(), progress: silentProgress };
  return openObjects(given, 'http://127.0.0.1:9');
};

const refusalOf = async (opening: Promise<unknown>): Promise<string> => {
  const refusal: unknown = await opening.catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(WrongSetting);
  return (refusal as Error).message;
};

/** The response to a browser that trusts the authority. */
const download = (url: string): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = { ca: certificates.trusted.certificate, agent: false };
    https.get(url, options, (response) => resolve(buffer(response))).on('error', reject);
  });

const withScheme = (url: string, scheme: 'http' | 'https'): string => url.replace(/^https?/, scheme);

describe.each(testedServers)('$title', (engine) => {
  let running: RunningEngine;
  let plain: RunningEngine;
  beforeAll(async () => {
    const at = join(folder, engine.name);
    running = await engine.start({ folder: at, tls: certificates.server, progress: silentProgress });
    plain = await engine.start({ folder: `${at}-plain`, progress: silentProgress });
  }, 120_000);
  afterAll(async () => {
    await running?.stop();
    await plain?.stop();
  });

  test('keeps objects over TLS, and a signed URL leads to them over TLS', async () => {
    const objects = await open(running.url, certificates.trusted.file);
    const { objectStore } = objects;
    try {
      // More than goes in one request.
      const body = Buffer.alloc(9 * 1024 ** 2, 'tls');
      await objectStore.put('big', body, { contentType: 'text/plain' });
      const found = await objectStore.get('big');
      expect(found && (await buffer(found.body)).equals(body)).toBe(true);
      const url = await objectStore.presign('GET', 'big', { expiresInSeconds: 60 });
      expect(url).toMatch(/^https:/);
      expect((await download(url)).equals(body)).toBe(true);
    } finally {
      objects.close();
    }
  }, 60_000);

  test.each<[string, () => [url: string, authority?: string]]>([
    ['an authority that did not sign', () => [running.url, certificates.stranger.file]],
    ['no authority of one’s own', () => [running.url]],
    ['TLS to a server without it', () => [withScheme(plain.url, 'https'), certificates.trusted.file]],
  ])('with %s the start is refused in words', async (_what, given) => {
    expect(await refusalOf(open(...given()))).toMatch(
      /^--s3: No trusted connection to the object store at https:\/\/127\.0\.0\.1:\d+ could be made \([A-Z_]+: .+\)\. Check that it uses TLS.*S3_TLS_CA/,
    );
  });

  test('without TLS to a server that speaks it the start is refused in words', async () => {
    expect(await refusalOf(open(withScheme(running.url, 'http')))).toMatch(
      /^--s3: .* http:\/\/127\.0\.0\.1:\d+ .*whether it wants TLS \(https in its URL\)/,
    );
  });

  describe('with the MinIO node', () => {
    const credential = (changed: IDataObject = {}): IDataObject => {
      const { username, password, origin } = new URL(running.url);
      return {
        ...{ endpoint: origin, accessKey: username, secretKey: password, region: 'us-east-1', pathStyle: true },
        ...{ rejectUnauthorized: true, ca: certificates.trusted.certificate, ...changed },
      };
    };
    const tested = (changed?: IDataObject) => {
      const { minIoTest } = built.node('n8n-nodes-fusioncommerce.minIo').methods?.credentialTest ?? {};
      return minIoTest?.call({} as never, { data: credential(changed) } as never);
    };
    const start: CanvasNode = { name: 'Start', type: 'n8n-nodes-base.manualTrigger' };
    const run = async (parameters: IDataObject, changed?: IDataObject): Promise<IDataObject[]> => {
      const canvas = createCanvas({
        ...{ node: (type: string) => built.node(type), baseUrl: '', apiKey: '' },
        credential: credential(changed),
      });
      const node = { name: 'MinIO', type: 'n8n-nodes-fusioncommerce.minIo', parameters: parameters as never };
      return (await canvas.run([start, node])).map(({ json }) => json);
    };

    test('a bucket is made over TLS, and the credential is tested for real', async () => {
      const create = { resource: 'bucket', operation: 'create', bucketName: 'over-tls' };
      expect(await run(create)).toEqual([{ bucket: 'over-tls', created: true }]);
      expect(await tested()).toMatchObject({ status: 'OK' });
    });

    const noTls = /encrypted connection to MinIO at https:\/\/127\.0\.0\.1:\d+ could not be made \(.+\)\. .*CA cert/;
    test.each<[string, () => IDataObject, RegExp]>([
      ['an authority that did not sign', () => ({ ca: certificates.stranger.certificate }), noTls],
      ['no authority of one’s own', () => ({ ca: '' }), noTls],
      ['TLS to a server without it', () => ({ endpoint: withScheme(new URL(plain.url).origin, 'https') }), noTls],
      [
        'no TLS',
        () => ({ endpoint: withScheme(new URL(running.url).origin, 'http') }),
        / http:\/\/127\.0\.0\.1:\d+ .*https/,
      ],
    ])('with %s the test and the node are refused in words', async (_what, changed, words) => {
      expect(await tested(changed())).toEqual({ status: 'Error', message: expect.stringMatching(words) as string });
      const list = run({ resource: 'bucket', operation: 'getMany', returnAll: true }, changed());
      const refusal = (await list.catch((error: unknown) => error)) as { message: string; description: string };
      expect(`${refusal.message} ${refusal.description}`).toMatch(words);
    });
  });
});

test('an authority beside a URL without TLS is refused in words', async () => {
  expect(await refusalOf(open('http://a:b@127.0.0.1:1/shop', certificates.trusted.file))).toMatch(
    /S3_TLS_CA names an authority, and the URL of --s3 begins with http/,
  );
});
