import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { newId } from '../../chassis/ids.ts';
import type { MediaType } from '../../chassis/media/kinds.ts';
import {
  RENDITION_TYPE,
  renditionsOf,
  sizeOf,
  UnreadableImage,
  type Rendition,
} from '../../chassis/media/renditions.ts';
import type { Context, Failures } from '../context.ts';
import { fileOf, keptRendition, keyOf, type MediaRecord } from '../policy/media-files.ts';
import { noteLeftover } from '../store/media.ts';
import { readMedia } from './read-media.ts';

const MEBIBYTE = 1_048_576;

/** Stores an upload's files. Until its row is written they are noted as left over: a crash leaves none behind. */
export const storeMedia = async (
  context: Context,
  source: Readable,
  errors: Failures<'uploadMedia'>,
): Promise<MediaRecord> => {
  const { imageMebibytes, videoMebibytes } = context.settings;
  const most = { image: imageMebibytes * MEBIBYTE, video: videoMebibytes * MEBIBYTE, model: videoMebibytes * MEBIBYTE };
  const { type, body } = await readMedia(source, most, errors);
  const id = newId('med');
  await context.commit((tx) => noteLeftover(tx, id, context.now()));
  const file = `original.${type.ending}`;
  if (type.kind === 'image') return storeImage(context, { id, type, file }, await buffer(body), errors);
  const { size } = await context.objectStore.put(keyOf(id, file), body, { contentType: type.contentType });
  return record(context, { id, type, file }, { bytes: size, width: null, height: null, renditions: [] });
};

interface Named {
  id: string;
  type: MediaType;
  file: string;
}

const storeImage = async (
  context: Context,
  named: Named,
  original: Buffer,
  errors: Failures<'uploadMedia'>,
): Promise<MediaRecord> => {
  try {
    const size = await sizeOf(original);
    const renditions = await renditionsOf(original, null);
    await context.objectStore.put(keyOf(named.id, named.file), original, { contentType: named.type.contentType });
    for (const rendition of renditions) await putRendition(context, named.id, rendition);
    return record(context, named, { bytes: original.length, ...size, renditions: renditions.map(keptRendition) });
  } catch (error) {
    if (!(error instanceof UnreadableImage)) throw error;
    throw errors.UNREADABLE_IMAGE(`The picture cannot be read: ${error.message}. Save it anew, and send that.`);
  }
};

/** Stores one rendition's bytes under the name that its record has. */
export const putRendition = async (
  { objectStore }: Pick<Context, 'objectStore'>,
  mediaId: string,
  rendition: Rendition,
): Promise<void> => {
  await objectStore.put(keyOf(mediaId, fileOf(rendition)), rendition.bytes, { contentType: RENDITION_TYPE });
};

const record = (
  { now }: Pick<Context, 'now'>,
  { id, type, file }: Named,
  facts: Pick<MediaRecord, 'bytes' | 'width' | 'height' | 'renditions'>,
): MediaRecord => {
  const at = now().toISOString();
  return {
    id,
    kind: type.kind,
    contentType: type.contentType,
    ...facts,
    alt: null,
    focalPoint: null,
    posterId: null,
    original: file,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
};
