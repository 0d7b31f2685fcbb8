import sharp from 'sharp';

/** The point of a picture that must stay visible when it is cropped: 0 is left and top, 1 is right and bottom. */
export interface FocalPoint {
  x: number;
  y: number;
}

export interface Rendition {
  /** The width that was asked for, or `square`. */
  name: string;
  width: number;
  height: number;
  bytes: Buffer;
}

/** What renditions are, all of them. */
export const RENDITION_TYPE = 'image/webp';

/** Widths of renditions; wider ones than the picture are left out, but for its own width. */
const WIDTHS = [160, 320, 640, 1_280, 2_560];
/** Side of the square for lists of products. */
const SQUARE = 480;
/** More pixels than a camera makes: a small file that unpacks to gigabytes is refused before it is unpacked. */
const MOST_PIXELS = 100_000_000;

/** The file cannot be read as a picture; the message says why. */
export class UnreadableImage extends Error {}

/** Opens a picture, turned upright. Renditions have no metadata of it: neither the place nor the camera. */
const open = (original: Buffer) =>
  sharp(original, { limitInputPixels: MOST_PIXELS, failOn: 'error' }).timeout({ seconds: 60 }).autoOrient();

const readable = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw new UnreadableImage(error instanceof Error ? error.message : String(error), { cause: error });
  }
};

/** Width and height of a picture as it is seen. Throws UnreadableImage. */
export const sizeOf = (original: Buffer): Promise<{ width: number; height: number }> =>
  readable(async () => {
    const { autoOrient } = await open(original).metadata();
    return autoOrient;
  });

/** A picture in several widths and as a square around its focal point. Throws UnreadableImage. */
export const renditionsOf = async (original: Buffer, focal: FocalPoint | null): Promise<Rendition[]> => {
  const { width } = await sizeOf(original);
  const widths = [...new Set([...WIDTHS.filter((each) => each < width), Math.min(width, WIDTHS.at(-1) ?? width)])];
  const scaled: Rendition[] = [];
  // One after the other: each takes the memory of an unpacked picture.
  for (const each of widths) scaled.push(await scaledTo(original, each));
  return [...scaled, await squareOf(original, focal)];
};

const scaledTo = (original: Buffer, width: number): Promise<Rendition> =>
  readable(async () => {
    const { data, info } = await open(original)
      .resize({ width, withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer({ resolveWithObject: true });
    return { name: String(width), width: info.width, height: info.height, bytes: data };
  });

/** The largest square around the focal point that lies within the picture. Throws UnreadableImage. */
export const squareOf = (original: Buffer, focal: FocalPoint | null): Promise<Rendition> =>
  readable(async () => {
    const upright = await open(original).toBuffer({ resolveWithObject: true });
    const { data, info } = await sharp(upright.data, { limitInputPixels: MOST_PIXELS })
      .extract(cropOf(upright.info, focal ?? { x: 0.5, y: 0.5 }))
      .resize({ width: SQUARE, height: SQUARE, withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer({ resolveWithObject: true });
    return { name: 'square', width: info.width, height: info.height, bytes: data };
  });

/** Where the largest square lies whose middle is as near to the focal point as the picture's edges allow, in pixels. */
export const cropOf = (
  { width, height }: { width: number; height: number },
  { x, y }: FocalPoint,
): { left: number; top: number; width: number; height: number } => {
  const side = Math.min(width, height);
  const start = (point: number, length: number): number =>
    Math.min(Math.max(Math.round(point * length - side / 2), 0), length - side);
  return { left: start(x, width), top: start(y, height), width: side, height: side };
};
