import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import { testedServers } from '../../infra/engines/s3/testing.ts';
import { freePort } from '../../infra/process/free-port.ts';
import { loadPackage, type TestedPackage } from '../../infra/n8n-package/testing/built-package.ts';
import { createCanvas, type CanvasNode, type RunOptions } from '../../infra/n8n-package/testing/canvas.ts';
import { createFileStore, type FileStore } from '../../infra/n8n-package/testing/file-store.ts';
import { startS3Store, type S3Store } from '../../infra/n8n-package/testing/stores.ts';

const TYPE = 'n8n-nodes-fusioncommerce.minIo';
const MIB = 1024 * 1024;
let built: TestedPackage;
let files: FileStore & { remove: () => Promise<void> };

beforeAll(async () => {
  built = await loadPackage();
  files = await createFileStore();
}, 120_000);
afterAll(() => files.remove());

const node = (place: string, parameters: IDataObject = {}): CanvasNode => {
  const [resource = '', operation = ''] = place.split('.');
  return { name: 'MinIO', type: TYPE, parameters: { resource, operation, ...parameters } };
};
const start: CanvasNode = { name: 'Start', type: 'n8n-nodes-base.manualTrigger' };
const named = (value: string) => ({ __rl: true, mode: 'name', value });
const json = (made: INodeExecutionData[]): IDataObject[] => made.map((item) => item.json);
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** A megabyte of noise again and again, each time another one. */
async function* noise(mebibytes: number): AsyncGenerator<Buffer> {
  const block = randomBytes(MIB);
  for (let index = 0; index < mebibytes; index += 1) {
    block.writeUInt32BE(index);
    yield Buffer.from(block);
  }
}

// A node that works with both servers asks for nothing beyond the S3 API.
describe.each(testedServers)('on $title', (server) => {
  const bucket = `shop-${randomUUID()}`;
  let store: S3Store;

  const canvas = (credential: IDataObject = {}) =>
    createCanvas({
      node: () => built.node(TYPE),
      baseUrl: '',
      apiKey: '',
      credential: { ...store.credential, ...credential },
      files,
    });
  const run = (given: CanvasNode, options?: RunOptions) => canvas().run([start, given], options);
  const put = async (key: string, text: string, options: IDataObject = {}, where = bucket) =>
    json(await run(node('object.upload', { bucket: named(where), key, content: 'text', text, options })));
  const read = async (
    key: string,
    where = bucket,
  ): Promise<{ json: IDataObject; binary: IBinaryData; content: Buffer }> => {
    const [item] = await run(node('object.download', { bucket: named(where), key }));
    const binary = item?.binary?.['data'];
    if (!item || !binary?.id) throw new Error('There is no file in the item');
    const content = Buffer.concat((await (await files.getBinaryStream(binary.id)).toArray()) as Buffer[]);
    return { json: item.json, binary, content };
  };

  beforeAll(async () => {
    store = await startS3Store(server);
    await run(node('bucket.create', { bucketName: bucket }));
  }, 600_000);
  afterAll(() => store.stop());

  test('a text goes up with its type and metadata, and comes down the same', async () => {
    const [made] = await put('notes/grüße 1+1 & "ü".txt', 'Grüße\n{{ 1 }}', {
      cacheControl: 'max-age=60',
      downloadFileName: 'Grüße.txt',
      metadata: { entry: [{ name: 'Order-Id', value: 'ord_1' }] },
    });
    expect(made).toMatchObject({ bucket, key: 'notes/grüße 1+1 & "ü".txt', size: 15, parts: 1 });
    const back = await read('notes/grüße 1+1 & "ü".txt');
    expect(back.content.toString()).toBe('Grüße\n{{ 1 }}');
    expect(back.json).toMatchObject({
      etag: made?.['etag'],
      contentType: 'text/plain; charset=utf-8',
      metadata: { 'order-id': 'ord_1' },
      size: 15,
    });
    expect(back.binary.fileName).toBe('grüße 1+1 & "ü".txt');
  });

  test('an empty text is an object too', async () => {
    await put('empty', '');
    expect((await read('empty')).content).toHaveLength(0);
  });

  test('64 MiB go up in parts and come down again, streamed from file to file', async () => {
    const hash = createHash('sha256');
    async function* counted(): AsyncGenerator<Buffer> {
      for await (const chunk of noise(64)) {
        hash.update(chunk);
        yield chunk;
      }
    }
    const file = await files.prepareBinaryData(Readable.from(counted()), 'big.bin', 'application/x-big');
    const [made] = await run(node('object.upload', { bucket: named(bucket), key: 'big.bin', content: 'file' }), {
      items: [{ json: {}, binary: { data: file } }],
    });
    expect(made?.json).toMatchObject({ size: 64 * MIB, parts: 8 });
    const back = await read('big.bin');
    expect(sha256(back.content)).toBe(hash.digest('hex'));
    expect(back.json).toMatchObject({ contentType: 'application/x-big', size: 64 * MIB, etag: made?.json['etag'] });
  }, 120_000);

  test('two that upload the same key at once leave one of the two, whole', async () => {
    const contents = [Buffer.alloc(20 * MIB, 1), Buffer.alloc(20 * MIB, 2)];
    await Promise.all(
      contents.map(async (content) => {
        const data = await files.prepareBinaryData(content, 'x', 'application/x-race');
        await run(node('object.upload', { bucket: named(bucket), key: 'race', content: 'file' }), {
          items: [{ json: {}, binary: { data } }],
        });
      }),
    );
    expect(contents.map(sha256)).toContain(sha256((await read('race')).content));
  }, 120_000);

  test('a file that breaks off uploads nothing and leaves no parts', async () => {
    const data = await files.prepareBinaryData(Readable.from(noise(20)), 'x', 'application/x-broken');
    async function* broken(): AsyncGenerator<Buffer> {
      for await (const chunk of noise(12)) yield chunk;
      throw new Error('the disk is gone');
    }
    const breaking = createCanvas({
      node: () => built.node(TYPE),
      baseUrl: '',
      apiKey: '',
      credential: store.credential,
      files: { ...files, getBinaryStream: async () => Readable.from(broken(), { objectMode: false }) },
    });
    const failed = breaking.run(
      [start, node('object.upload', { bucket: named(bucket), key: 'broken', content: 'file' })],
      {
        items: [{ json: {}, binary: { data } }],
      },
    );
    await expect(failed).rejects.toThrow('the disk is gone');
    await expect(read('broken')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    // A bucket with parts of an upload in it could not be deleted everywhere; here it is asked for them.
    const { Client } = await import('minio');
    const { hostname, port } = new URL(store.credential.endpoint);
    const client = new Client({
      endPoint: hostname,
      port: Number(port),
      useSSL: false,
      accessKey: store.credential.accessKey,
      secretKey: store.credential.secretKey,
      region: 'us-east-1',
    });
    expect(await client.listIncompleteUploads(bucket, '', true).toArray()).toEqual([]);
  });

  test('many objects are listed to the end, to the limit, below a prefix and one level deep', async () => {
    const where = `many-${randomUUID()}`;
    await run(node('bucket.create', { bucketName: where }));
    // Keys that are numbers to some: they have to come back letter by letter.
    const keys = ['007', '1e3', 'a b+c%2F', ...Array.from({ length: 1_005 }, (_, index) => `list/${1_000 + index}`)];
    await run(node('object.upload', { bucket: named(where), key: '={{ $json.key }}', content: 'text', text: 'x' }), {
      items: keys.map((key) => ({ json: { key } })),
    });
    const list = async (parameters: IDataObject) =>
      json(await run(node('object.getMany', { bucket: named(where), ...parameters })));
    expect((await list({ returnAll: true })).map(({ key }) => key)).toEqual(keys.toSorted());
    expect((await list({ limit: 3 })).map(({ key }) => key)).toEqual(['007', '1e3', 'a b+c%2F']);
    expect(await list({ returnAll: true, prefix: 'list/100' })).toHaveLength(10);
    expect(await list({ returnAll: true, options: { oneLevel: true } })).toEqual([
      { bucket: where, prefix: 'list/' },
      ...['007', '1e3', 'a b+c%2F'].map((key) => expect.objectContaining({ key, size: 1 }) as IDataObject),
    ]);
  }, 120_000);

  test('objects are copied within and between buckets, with their type and metadata, and deleted', async () => {
    const other = `other-${randomUUID()}`;
    await run(node('bucket.create', { bucketName: other }));
    await put('from/ü 1.txt', 'copied', { metadata: { entry: [{ name: 'who', value: 'me' }] } });
    const copy = (toBucket: string, toKey: string) =>
      run(node('object.copy', { bucket: named(bucket), key: 'from/ü 1.txt', toBucket: named(toBucket), toKey }));
    expect(json(await copy('', 'to/ä.txt'))).toMatchObject([{ bucket, key: 'to/ä.txt' }]);
    expect(json(await copy(other, 'x'))).toMatchObject([{ bucket: other, key: 'x', from: { bucket } }]);
    const back = await read('x', other);
    expect(back.content.toString()).toBe('copied');
    expect(back.json).toMatchObject({ metadata: { who: 'me' } });
    const remove = (key: string) => run(node('object.delete', { bucket: named(other), key }));
    expect(json(await remove('x'))).toEqual([{ bucket: other, key: 'x', deleted: true }]);
    await expect(read('x', other)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    // S3 takes a deletion of nothing for done, which makes repeating it harmless.
    await remove('x');
    expect(json(await run(node('bucket.delete', { bucket: named(other) })))).toEqual([
      { bucket: other, deleted: true },
    ]);
  });

  test('whoever has a presigned URL gets in, until it is altered or over', async () => {
    await put('public/hello.txt', 'hello');
    const presign = async (parameters: IDataObject) =>
      json(await run(node('object.presign', { bucket: named(bucket), key: 'public/hello.txt', ...parameters })))[0]?.[
        'url'
      ] as string;
    const url = await presign({ method: 'GET', seconds: 60, options: { downloadFileName: 'Grüße.txt' } });
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('hello');
    expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt");
    expect((await fetch(url.replace('hello.txt', 'other.txt'))).status).toBe(403);
    expect((await fetch(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'))).status).toBe(403);
    expect((await fetch(url, { method: 'PUT', body: 'evil' })).status).toBe(403);
    const upload = await presign({ method: 'PUT', seconds: 60 });
    expect((await fetch(upload, { method: 'PUT', body: 'from outside' })).status).toBe(200);
    expect((await read('public/hello.txt')).content.toString()).toBe('from outside');
    const short = await presign({ method: 'GET', seconds: 1 });
    const deadline = Date.now() + 20_000;
    while ((await fetch(short)).status === 200 && Date.now() < deadline);
    expect((await fetch(short)).status).toBe(403);
    await expect(presign({ method: 'GET', seconds: 604_801 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  }, 60_000);

  test('buckets are made once, listed, and deleted only when empty', async () => {
    const name = `made-${randomUUID()}`;
    const create = (options: IDataObject = {}) => run(node('bucket.create', { bucketName: name, options }));
    expect(json(await create())).toEqual([{ bucket: name, created: true }]);
    await expect(create()).rejects.toMatchObject({ code: 'BUCKET_EXISTS' });
    expect(json(await create({ acceptExisting: true }))).toEqual([{ bucket: name, created: false }]);
    const buckets = json(await run(node('bucket.getMany', { returnAll: true })));
    expect(buckets.map((one) => one['bucket'])).toEqual(expect.arrayContaining([bucket, name]));
    await put('x', 'x', {}, name);
    const failed = run(node('bucket.delete', { bucket: named(name) }));
    await expect(failed).rejects.toMatchObject({ code: 'BUCKET_NOT_EMPTY' });
    await expect(failed).rejects.toThrow('only an empty bucket');
    await run(node('object.delete', { bucket: named(name), key: 'x' }));
    await run(node('bucket.delete', { bucket: named(name) }));
    await expect(put('x', 'x', {}, name)).rejects.toMatchObject({ code: 'BUCKET_NOT_FOUND' });
    await expect(run(node('bucket.create', { bucketName: 'No_Good' }))).rejects.toMatchObject({
      code: 'INVALID_BUCKET_NAME',
    });
  });

  test('a failed item goes on where the node is told to continue, and the others act', async () => {
    const given = node('object.upload', {
      bucket: named(bucket),
      key: '={{ $json.key }}',
      content: 'text',
      text: 'x',
    });
    const made = await run(
      { ...given, onError: 'continueErrorOutput' },
      {
        items: [{ json: { key: 'ok-1' } }, { json: { key: '' } }, { json: { key: 'ok-2' } }],
      },
    );
    expect(made.map((item) => item.json['key'] ?? (item.json['error'] as IDataObject)['code'])).toEqual([
      'ok-1',
      'INVALID_INPUT',
      'ok-2',
    ]);
    expect(made.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
  });

  test('a wrong key, a wrong secret, a host that is away and one that is no S3 are told apart', async () => {
    const list = node('bucket.getMany', { returnAll: true });
    await expect(canvas({ accessKey: 'nobody' }).run([start, list])).rejects.toMatchObject({
      code: 'AUTHENTICATION_FAILED',
    });
    await expect(canvas({ secretKey: 'wrong' }).run([start, list])).rejects.toMatchObject({
      code: 'AUTHENTICATION_FAILED',
    });
    const away = canvas({ endpoint: `http://127.0.0.1:${await freePort()}` });
    await expect(away.run([start, list])).rejects.toMatchObject({ code: 'UNREACHABLE' });
    const silent = createServer((socket) => void socket.resume().end('SSH-2.0-x\r\n'));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await expect(canvas({ endpoint: `http://127.0.0.1:${port}` }).run([start, list])).rejects.toMatchObject({
      code: 'UNREACHABLE',
    });
    await new Promise((resolve) => silent.close(resolve));
    await expect(canvas({ endpoint: 'minio:9000' }).run([start, list])).rejects.toThrow('not an address of the form');
  });

  test('the picker lists buckets, and the credential is tested for real', async () => {
    const found = await canvas().list(node('object.upload'), 'searchBuckets', bucket.slice(0, 20).toUpperCase());
    expect(found.results).toEqual([{ name: bucket, value: bucket }]);
    const { minIoTest } = built.node(TYPE).methods?.credentialTest ?? {};
    const tested = (more: IDataObject) =>
      minIoTest?.call({} as never, { data: { ...store.credential, ...more } } as never);
    expect(await tested({})).toMatchObject({ status: 'OK' });
    expect(await tested({ secretKey: 'wrong' })).toMatchObject({
      status: 'Error',
      message: expect.stringContaining('secret key') as string,
    });
  });
});
