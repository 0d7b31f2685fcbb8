import { buffer } from 'node:stream/consumers';
import type { InputOf } from '../../chassis/contract/index.ts';
import { squareOf, type FocalPoint } from '../../chassis/media/renditions.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import type { Context, Failures, Tx } from '../context.ts';
import type { catalogContract } from '../contract.ts';
import { keptRendition, keyOf, type KeptRendition, type MediaRecord } from '../policy/media-files.ts';
import { findMedia, lockMediaShared } from '../store/media.ts';
import { changedTexts } from './changed-texts.ts';
import { putRendition } from './store-media.ts';

type Changes = Omit<InputOf<typeof catalogContract, 'updateMedia'>, 'mediaId' | 'expectedVersion'>;

/** The square of a picture around a new focal point, stored; undefined where there is nothing to crop. */
export const preparedSquare = async (
  context: Context,
  mediaId: string,
  focalPoint: FocalPoint | null | undefined,
): Promise<KeptRendition | undefined> => {
  if (focalPoint === undefined) return undefined;
  const record = (await findMedia(context.database, [mediaId])).get(mediaId);
  if (record?.kind !== 'image') return undefined;
  const original = await context.objectStore.get(keyOf(mediaId, record.original));
  if (!original) return undefined;
  const square = await squareOf(await buffer(original.body), focalPoint);
  await putRendition(context, mediaId, square);
  return keptRendition(square);
};

/** A media file after changes. Throws what does not suit its kind, and a poster that is none. */
export const changeMedia = async (
  tx: Tx,
  before: MediaRecord,
  { alt, ...changes }: Changes,
  square: KeptRendition | undefined,
  errors: Failures<'updateMedia'>,
): Promise<MediaRecord> => {
  if (changes.focalPoint && before.kind !== 'image')
    throw errors.NOT_FOR_THIS_KIND(`Only a picture has a focal point; this is a ${before.kind}. Leave it out.`);
  if (changes.posterId) {
    if (before.kind === 'image') throw errors.NOT_FOR_THIS_KIND('A picture needs no poster. Leave posterId out.');
    await lockMediaShared(tx, [changes.posterId]);
    const poster = (await findMedia(tx, [changes.posterId])).get(changes.posterId);
    if (poster?.kind !== 'image')
      throw errors.UNKNOWN_POSTER(`There is no picture ${changes.posterId}. Upload one, and name its id.`);
  }
  const renditions = square
    ? [...before.renditions.filter(({ name }) => name !== 'square'), square]
    : before.renditions;
  return { ...withChanges(before, { ...changes, alt: changedTexts(before.alt, alt) }), renditions };
};
