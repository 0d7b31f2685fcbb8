import fc from 'fast-check';
import sharp from 'sharp';
import { mediaTypeOf } from './kinds.ts';
import { cropOf, renditionsOf, sizeOf, squareOf, UnreadableImage } from './renditions.ts';

/** A picture that is red on the left and blue on the right. */
const twoColours = async (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: 'red' } })
    .composite([
      {
        input: { create: { width: Math.floor(width / 2), height, channels: 3, background: 'blue' } },
        gravity: 'east',
      },
    ])
    .jpeg()
    .withExif({ IFD0: { Copyright: 'Somebody' }, IFD3: { GPSLatitudeRef: 'N' } })
    .toBuffer();

const middleOf = async (picture: Buffer): Promise<string> => {
  const { dominant } = await sharp(picture).stats();
  return dominant.r > dominant.b ? 'red' : 'blue';
};

test('a picture gets the widths below its own, never a larger one', async () => {
  const names = (width: number) =>
    twoColours(width, 100)
      .then((original) => renditionsOf(original, null))
      .then((renditions) => renditions.map(({ name, width: wide }) => `${name}:${wide}`));
  expect(await names(700)).toEqual(['160:160', '320:320', '640:640', '700:700', 'square:100']);
  expect(await names(100)).toEqual(['100:100', 'square:100']);
});

test('renditions are WebP, upright and without metadata', async () => {
  const lying = await sharp(await twoColours(400, 200))
    .withMetadata({ orientation: 6 })
    .toBuffer();
  expect(await sizeOf(lying)).toEqual({ width: 200, height: 400 });
  for (const { bytes, width, height, name } of await renditionsOf(lying, null)) {
    const seen = await sharp(bytes).metadata();
    expect([seen.format, seen.exif, seen.orientation]).toEqual(['webp', undefined, undefined]);
    expect([seen.width, seen.height]).toEqual([width, height]);
    expect(name === 'square' ? width : height).toBe(name === 'square' ? height : width * 2);
  }
});

test('the square keeps the focal point', async () => {
  const original = await twoColours(900, 300);
  expect(await middleOf((await squareOf(original, { x: 0.1, y: 0.5 })).bytes)).toBe('red');
  expect(await middleOf((await squareOf(original, { x: 0.9, y: 0.5 })).bytes)).toBe('blue');
});

test('a crop lies within the picture and holds its focal point', () => {
  const side = fc.integer({ min: 1, max: 5_000 });
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(side, side, part, part, (width, height, x, y) => {
      const crop = cropOf({ width, height }, { x, y });
      expect(crop.width).toBe(Math.min(width, height));
      expect(crop.left).toBeGreaterThanOrEqual(0);
      expect(crop.top).toBeGreaterThanOrEqual(0);
      expect(crop.left + crop.width).toBeLessThanOrEqual(width);
      expect(crop.top + crop.height).toBeLessThanOrEqual(height);
      // Half a pixel is lost to rounding.
      expect(x * width).toBeGreaterThanOrEqual(crop.left - 0.5);
      expect(x * width).toBeLessThanOrEqual(crop.left + crop.width + 0.5);
    }),
  );
});

test('a broken picture is refused, not half shown', async () => {
  const whole = await twoColours(600, 600);
  await expect(renditionsOf(whole.subarray(0, whole.length / 2), null)).rejects.toThrow(UnreadableImage);
  await expect(sizeOf(Buffer.from('no picture'))).rejects.toThrow(UnreadableImage);
});

test('the type is read from the bytes', async () => {
  expect(mediaTypeOf(await twoColours(10, 10))).toMatchObject({ kind: 'image', contentType: 'image/jpeg' });
  const png = await sharp(await twoColours(10, 10))
    .png()
    .toBuffer();
  expect(mediaTypeOf(png)?.contentType).toBe('image/png');
  expect(mediaTypeOf(await sharp(png).avif().toBuffer())?.contentType).toBe('image/avif');
  expect(mediaTypeOf(await sharp(png).webp().toBuffer())?.contentType).toBe('image/webp');
  expect(mediaTypeOf(await sharp(png).gif().toBuffer())?.contentType).toBe('image/gif');
  const glb = Buffer.from('glTF\x02\x00\x00\x00\x10\x00\x00\x00', 'latin1');
  expect(mediaTypeOf(glb)).toEqual({ kind: 'model', contentType: 'model/gltf-binary', ending: 'glb' });
  expect(mediaTypeOf(Buffer.from('\x00\x00\x00\x18ftypmp42', 'latin1'))?.kind).toBe('video');
  expect(mediaTypeOf(Buffer.from('<svg onload="alert(1)"/>'))).toBeUndefined();
  expect(mediaTypeOf(Buffer.from('MZ'))).toBeUndefined();
  expect(mediaTypeOf(Buffer.alloc(0))).toBeUndefined();
});
