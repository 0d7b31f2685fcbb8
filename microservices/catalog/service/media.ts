import { z } from 'zod';
import { id as idOf } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import { toMedia, type MediaRecord } from '../policy/media-files.ts';
import {
  deleteMedia,
  findMedia,
  forgetLeftover,
  listMedia,
  lockMedia,
  noteLeftover,
  saveMedia,
  usesOfMedia,
} from '../store/media.ts';
import { changeMedia, preparedSquare } from './change-media.ts';
import { missing } from './missing.ts';
import { storeMedia } from './store-media.ts';

type Names = 'uploadMedia' | 'updateMedia' | 'deleteMedia' | 'getMedia' | 'listMedia';

export const mediaHandlers = (context: Context): Pick<Handlers, Names> => {
  const { database, now, settings } = context;
  const described = (record: MediaRecord) => toMedia(record, settings.publicUrl);
  return {
    uploadMedia: command({
      prepare: (_input, { body, errors }) => storeMedia(context, body, errors),
      commit: async (tx, _input, _request, stored) => {
        await saveMedia(tx, stored);
        await forgetLeftover(tx, stored.id);
        announce(tx, stored, 'uploaded');
        return described(stored);
      },
    }),

    updateMedia: command({
      prepare: ({ mediaId, focalPoint }) => preparedSquare(context, mediaId, focalPoint),
      commit: async (tx, { mediaId, expectedVersion, ...changes }, { errors }, square) => {
        const before = await lockMedia(tx, mediaId);
        if (!before) throw errors.NOT_FOUND(missing.media(mediaId));
        requireVersion({ name: 'The media file', version: before.version }, expectedVersion, errors.VERSION_CONFLICT);
        const changed = await changeMedia(tx, before, changes, square, errors);
        const record = { ...changed, version: before.version + 1, updatedAt: now().toISOString() };
        await saveMedia(tx, record);
        announce(tx, record, 'updated');
        return described(record);
      },
    }),

    deleteMedia: command(async (tx, { mediaId }, { errors }) => {
      const record = await lockMedia(tx, mediaId);
      if (!record) throw errors.NOT_FOUND(missing.media(mediaId));
      const examples = await usesOfMedia(tx, mediaId);
      if (examples.length > 0)
        throw errors.STILL_NEEDED(`${examples.join(', ')} use it. Take it out of them first.`, { examples });
      await deleteMedia(tx, mediaId);
      await noteLeftover(tx, mediaId, now());
      announce(tx, record, 'deleted');
      return { mediaId };
    }),

    getMedia: async ({ mediaId }, { errors }) => {
      const record = (await findMedia(database, [mediaId])).get(mediaId);
      if (!record) throw errors.NOT_FOUND(missing.media(mediaId));
      return described(record);
    },

    listMedia: async ({ limit, cursor, kind }) => {
      const before = readCursor(cursor, z.tuple([idOf('med')]));
      const rows = await listMedia(database, kind, before?.[0], limit + 1);
      return toPage(rows, limit, (row) => [row.id], described);
    },
  };
};

const announce = (tx: Tx, { id, kind }: MediaRecord, change: 'uploaded' | 'updated' | 'deleted'): void =>
  tx.append('media.changed', id, { mediaId: id, kind, change });
