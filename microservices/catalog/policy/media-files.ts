import { createHash } from 'node:crypto';
import { RENDITION_TYPE, type Rendition } from '../../chassis/media/renditions.ts';
import type { Media } from '../contract/media-values.ts';

/** A rendition as it is kept: its file instead of its address. */
export interface KeptRendition {
  name: string;
  width: number;
  height: number;
  file: string;
}

/** A media file as it is kept. */
export interface MediaRecord extends Omit<Media, 'url' | 'renditions'> {
  /** Name of the uploaded file. Pictures are shown as renditions only: the original may hold where it was taken. */
  original: string;
  renditions: KeptRendition[];
}

const FOLDER = 'catalog/media';
const FILES_PATH = '/v1/catalog/media';

/** Where the files of a media file are in the object store. */
export const folderOf = (mediaId: string): string => `${FOLDER}/${mediaId}/`;
export const keyOf = (mediaId: string, file: string): string => `${folderOf(mediaId)}${file}`;

/** The name of a rendition's file holds a hash of its bytes: a new crop has a new address, and caches keep both. */
export const fileOf = ({ name, bytes }: Rendition): string =>
  `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.webp`;

export const keptRendition = (rendition: Rendition): KeptRendition => ({
  name: rendition.name,
  width: rendition.width,
  height: rendition.height,
  file: fileOf(rendition),
});

/** The address of a file. */
export const addressOf = (publicUrl: string, mediaId: string, file: string): string =>
  `${publicUrl}${FILES_PATH}/${mediaId}/files/${file}`;

/** A media file with its addresses below `publicUrl`. */
export const toMedia = ({ original, renditions, ...record }: MediaRecord, publicUrl: string): Media => {
  const address = (file: string): string => addressOf(publicUrl, record.id, file);
  const widest = renditions.filter(({ name }) => name !== 'square').at(-1);
  return {
    ...record,
    url: address(widest?.file ?? original),
    renditions: renditions.map(({ file, ...rest }) => ({ ...rest, contentType: RENDITION_TYPE, url: address(file) })),
  };
};

/** The rendition for a list of products: the narrowest that is at least this wide, else the widest. */
export const renditionFor = (renditions: readonly KeptRendition[], width: number): KeptRendition | undefined => {
  const scaled = renditions.filter(({ name }) => name !== 'square');
  return scaled.find((each) => each.width >= width) ?? scaled.at(-1);
};
