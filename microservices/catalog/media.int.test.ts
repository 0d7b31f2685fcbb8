import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { inventoryAway } from '../../infra/test/inventory-away.ts';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import type { Client } from '../chassis/client.ts';
import { newId } from '../chassis/ids.ts';
import { untilWithin } from '../chassis/testing/until.ts';
import { catalogContract } from './contract.ts';
import type { Media } from './contract/media-values.ts';
import { catalog } from './index.ts';

let platform: TestPlatform;
let keeper: Client<typeof catalogContract>;
let shopper: Client<typeof catalogContract>;
let later = 0;
const until = untilWithin(10_000);

beforeAll(async () => {
  platform = await startTestPlatform({
    services: [catalog],
    remote: [inventoryAway],
    environment: {
      CATALOG_IMAGE_MEBIBYTES: '1',
      CATALOG_VIDEO_MEBIBYTES: '1',
      CATALOG_LEFTOVER_INTERVAL_MS: '50',
    },
    now: () => new Date(Date.now() + later),
  });
  keeper = platform.client(catalogContract);
  shopper = platform.client(catalogContract, { credential: '' });
});
afterAll(() => platform.stop());

const failure = (code: string, detail: RegExp = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(detail) as unknown }) as unknown;

const picture = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: 'red' } })
    .jpeg()
    .withExif({ IFD3: { GPSLatitudeRef: 'N' } })
    .toBuffer();

const upload = async (body: Buffer, key: string = randomUUID()): Promise<Response> =>
  fetch(`${platform.url}/v1/catalog/media`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${platform.adminKey}`,
      'content-type': 'application/octet-stream',
      'idempotency-key': key,
    },
    body: new Uint8Array(body),
  });

const uploaded = async (body: Buffer): Promise<Media> => {
  const response = await upload(body);
  expect(response.status).toBe(201);
  return (await response.json()) as Media;
};

const glb = Buffer.from('glTF\x02\x00\x00\x00\x0c\x00\x00\x00', 'latin1');

/** The file behind an address, on this test's port. */
const download = (address: string): Promise<Response> => fetch(new URL(new URL(address).pathname, platform.url));

test('a picture gets renditions that anybody can load, without its metadata', async () => {
  const media = await uploaded(await picture(800, 400));
  expect(media).toMatchObject({ kind: 'image', contentType: 'image/jpeg', width: 800, height: 400, version: 1 });
  expect(media.renditions.map(({ name, width, height }) => `${name} ${width}x${height}`)).toEqual([
    '160 160x80',
    '320 320x160',
    '640 640x320',
    '800 800x400',
    'square 400x400',
  ]);
  for (const { url, width } of media.renditions) {
    const response = await download(url);
    expect(response.headers.get('cache-control')).toMatch(/immutable/);
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const seen = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
    expect([response.status, seen.format, seen.width, seen.exif]).toEqual([200, 'webp', width, undefined]);
  }
  const original = media.url.replace(/[^/]+$/, 'original.jpg');
  expect((await download(original)).status).toBe(404);
});

test('a repeated upload is one file', async () => {
  const key = randomUUID();
  const [first, second] = [await upload(glb, key), await upload(glb, key)];
  expect(await second.json()).toEqual(await first.json());
  expect(second.headers.get('idempotency-replayed')).toBe('true');
});

test.each<[string, () => Promise<Buffer>, number, RegExp]>([
  ['what it is not', async () => Buffer.from('<svg/>'), 422, /none of JPEG/],
  ['an empty file', async () => Buffer.alloc(0), 422, /empty/],
  ['half a picture', async () => (await picture(900, 900)).subarray(0, 1_500), 422, /cannot be read/],
  ['a large file', async () => Buffer.concat([glb, Buffer.alloc(1_048_576)]), 413, /larger than 1 MiB/],
])('%s is refused with a reason', async (_, body, status, said) => {
  const response = await upload(await body());
  expect(response.status).toBe(status);
  expect(((await response.json()) as { detail: string }).detail).toMatch(said);
});

test('a video or model is loaded through a signed address, and has a picture as its poster', async () => {
  const model = await uploaded(glb);
  const poster = await uploaded(await picture(200, 200));
  const response = await download(model.url);
  expect(response.headers.get('content-type')).toBe('model/gltf-binary');
  expect(Buffer.from(await response.arrayBuffer())).toEqual(glb);
  await expect(keeper.updateMedia({ mediaId: model.id, posterId: model.id })).rejects.toEqual(
    failure('UNKNOWN_POSTER', /Upload one/),
  );
  await expect(keeper.updateMedia({ mediaId: poster.id, posterId: model.id })).rejects.toEqual(
    failure('NOT_FOR_THIS_KIND', /needs no poster/),
  );
  await keeper.updateMedia({ mediaId: model.id, posterId: poster.id });
  await expect(keeper.deleteMedia({ mediaId: poster.id })).rejects.toEqual(
    failure('STILL_NEEDED', new RegExp(model.id)),
  );
  await expect(keeper.updateMedia({ mediaId: model.id, focalPoint: { x: 0, y: 0 } })).rejects.toEqual(
    failure('NOT_FOR_THIS_KIND', /focal point/),
  );
});

test('a new focal point crops the square anew, under another address', async () => {
  const halves = await sharp(await picture(600, 200))
    .composite([{ input: { create: { width: 300, height: 200, channels: 3, background: 'blue' } }, gravity: 'east' }])
    .png()
    .toBuffer();
  const before = await uploaded(halves);
  const after = await keeper.updateMedia({
    mediaId: before.id,
    focalPoint: { x: 1, y: 0.5 },
    alt: { en: 'Red and blue', de: 'Rot und blau' },
  });
  const squareOf = ({ renditions }: Media) => renditions.find(({ name }) => name === 'square')?.url ?? '';
  expect(squareOf(after)).not.toBe(squareOf(before));
  const shown = Buffer.from(await (await download(squareOf(after))).arrayBuffer());
  const { dominant } = await sharp(shown).stats();
  expect(dominant.b).toBeGreaterThan(dominant.r);
  expect((await download(squareOf(before))).status).toBe(200);
  const less = await keeper.updateMedia({ mediaId: before.id, alt: { en: null } });
  expect([less.alt, less.focalPoint]).toEqual([{ de: 'Rot und blau' }, { x: 1, y: 0.5 }]);
});

test('products and variants show their media, in lists too', async () => {
  const cover = await uploaded(await picture(900, 900));
  const detail = await uploaded(await picture(100, 100));
  await keeper.updateMedia({ mediaId: cover.id, alt: { en: 'A mug', de: 'Eine Tasse' } });
  const product = await keeper.createProduct({
    title: { en: 'Mug with picture' },
    mediaIds: [cover.id, cover.id],
    variants: [{ sku: 'PICTURED', mediaIds: [detail.id] }],
  });
  expect(product.mediaIds).toEqual([cover.id]);
  expect(product.media.map(({ id }) => id)).toEqual([cover.id, detail.id]);
  expect(product.variants[0]?.mediaIds).toEqual([detail.id]);
  const { id: priceListId } = await keeper.createPriceList({ code: 'standard', title: 'Standard', currency: 'EUR' });
  await keeper.setPrice({ priceListId, sku: 'PICTURED', unitPrice: { amount: 100, currency: 'EUR' } });
  await keeper.submitProduct({ productId: product.id });
  await keeper.publishProduct({ productId: product.id });
  const { items } = await shopper.searchProducts({ query: 'mug', locale: 'de-AT' });
  const rendition = cover.renditions.find(({ name }) => name === '640');
  expect(items[0]?.image).toEqual({ url: rendition?.url, alt: 'Eine Tasse' });
  await expect(keeper.deleteMedia({ mediaId: detail.id })).rejects.toEqual(failure('STILL_NEEDED', /PICTURED/));
  await expect(keeper.updateProduct({ productId: product.id, mediaIds: [newId('med')] })).rejects.toEqual(
    failure('INVALID_PRODUCT', /no media file/),
  );
  await keeper.updateProduct({ productId: product.id, mediaIds: [] });
  await keeper.deleteMedia({ mediaId: cover.id });
  await expect(shopper.getMedia({ mediaId: cover.id })).rejects.toEqual(failure('NOT_FOUND', /List the media/));
});

test('files of deleted media and of broken uploads go, those of others stay', async () => {
  const [gone, kept] = [await uploaded(await picture(300, 300)), await uploaded(await picture(310, 310))];
  expect((await upload((await picture(900, 900)).subarray(0, 1_500))).status).toBe(422);
  await keeper.deleteMedia({ mediaId: gone.id });
  expect((await download(gone.url)).status).toBe(200);
  later = 2 * 3_600_000;
  await until('the files are gone', async () => (await download(gone.url)).status === 404);
  const left = () => platform.database('catalog').one<{ left: number }>('SELECT count(*) AS left FROM media_leftover');
  await until('nothing is left over', left, ({ left: rows }) => rows === 0);
  expect((await download(kept.url)).status).toBe(200);
});
