import { z } from 'zod';
import { choices, id, timestamp, version } from '../../chassis/contract/index.ts';
import { localizedText } from './values.ts';

export const mediaKind = choices({
  image: 'A picture: JPEG, PNG, WebP, AVIF or GIF',
  video: 'A video: MP4 or WebM',
  model: 'A 3-D model: GLB or USDZ',
}).describe('What kind of file it is');
export type MediaKind = z.infer<typeof mediaKind>;

const share = (about: string) => z.number().min(0).max(1).describe(about);
export const focalPoint = z
  .object({
    x: share('From the left, 0 to 1'),
    y: share('From the top, 0 to 1'),
  })
  .describe('The point that stays visible when the picture is cropped; the middle when left out');

const address = z.string().describe('Web address');
const rendition = z
  .object({
    name: z.string().describe('Its width in pixels, or square'),
    width: z.int(),
    height: z.int(),
    contentType: z.string(),
    url: address,
  })
  .meta({ id: 'MediaRendition', title: 'Rendition' });

export const media = z
  .object({
    id: id('med'),
    kind: mediaKind,
    contentType: z.string().describe('Type of the uploaded file'),
    bytes: z.int().describe('Size of the uploaded file'),
    width: z.int().nullable().describe('Pixels; empty unless it is a picture'),
    height: z.int().nullable(),
    alt: localizedText(300).nullable().describe('Description for people who cannot see it'),
    focalPoint: focalPoint.nullable(),
    posterId: id('med').nullable().describe('Picture that stands for a video or a model'),
    url: address.describe('Web address of the file; of a picture, of its widest rendition'),
    renditions: z.array(rendition).describe('The picture in several widths and as a square, without metadata'),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Media', title: 'Media file' });
export type Media = z.infer<typeof media>;

export const mediaIds = z.array(id('med')).max(50);
