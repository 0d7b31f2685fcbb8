import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { media, type MediaKind } from '../contract/media-values.ts';
import type { MediaRecord } from '../policy/media-files.ts';

const COLUMNS = columns([...Object.keys(media.omit({ url: true }).shape), 'original'], 'm');

/** Media files by their ids. */
export const findMedia = async (tx: Queryable, ids: readonly string[]): Promise<Map<string, MediaRecord>> =>
  ids.length === 0
    ? new Map()
    : new Map(
        (await tx.rows<MediaRecord>(`SELECT ${COLUMNS} FROM media m WHERE m.id = ANY($1)`, [ids])).map((row) => [
          row.id,
          row,
        ]),
      );

export const lockMedia = (tx: Queryable, id: string): Promise<MediaRecord | undefined> =>
  tx.maybeOne<MediaRecord>(`SELECT ${COLUMNS} FROM media m WHERE m.id = $1 FOR UPDATE`, [id]);

/** Which of these files exist; they cannot be deleted until the transaction ends. */
export const lockMediaShared = async (tx: Queryable, ids: readonly string[]): Promise<Set<string>> =>
  ids.length === 0
    ? new Set()
    : new Set(
        (await tx.rows<{ id: string }>('SELECT id FROM media WHERE id = ANY($1) ORDER BY id FOR SHARE', [ids])).map(
          (row) => row.id,
        ),
      );

export const listMedia = (
  tx: Queryable,
  kind: MediaKind | undefined,
  before: string | undefined,
  count: number,
): Promise<MediaRecord[]> =>
  tx.rows<MediaRecord>(
    `SELECT ${COLUMNS} FROM media m WHERE ($1::text IS NULL OR m.kind = $1) AND ($2::text IS NULL OR m.id < $2) ORDER BY m.id DESC LIMIT $3`,
    [kind, before, count],
  );

/** Writes a media file whole, a new one or a changed one. */
export const saveMedia = async (tx: Queryable, record: MediaRecord): Promise<void> => {
  await tx.run(
    `INSERT INTO media (id, kind, content_type, bytes, width, height, alt, focal_point, poster_id, original, renditions, version, created_at, updated_at)
     SELECT r.id, r.kind, r."contentType", r.bytes, r.width, r.height, r.alt, r."focalPoint", r."posterId", r.original, r.renditions, r.version, r."createdAt", r."updatedAt"
     FROM jsonb_to_record($1::jsonb) AS r(id text, kind text, "contentType" text, bytes bigint, width int, height int, alt jsonb, "focalPoint" jsonb, "posterId" text,
       original text, renditions jsonb, version int, "createdAt" timestamptz, "updatedAt" timestamptz)
     ON CONFLICT (id) DO UPDATE SET alt = EXCLUDED.alt, focal_point = EXCLUDED.focal_point, poster_id = EXCLUDED.poster_id, renditions = EXCLUDED.renditions,
       version = EXCLUDED.version, updated_at = EXCLUDED.updated_at`,
    [JSON.stringify(record)],
  );
};

export const deleteMedia = async (tx: Queryable, id: string): Promise<void> => {
  await tx.run('DELETE FROM media WHERE id = $1', [id]);
};

/** Some of what uses a media file: slugs of products, SKUs of variants, ids of files that it is the poster of. */
export const usesOfMedia = async (tx: Queryable, id: string): Promise<string[]> =>
  (
    await tx.rows<{ name: string }>(
      `(SELECT slug AS name FROM product WHERE media_ids @> ARRAY[$1::text] LIMIT 5)
       UNION ALL (SELECT sku FROM variant WHERE media_ids @> ARRAY[$1::text] LIMIT 5)
       UNION ALL (SELECT id FROM media WHERE poster_id = $1 LIMIT 5)`,
      [id],
    )
  ).map(({ name }) => name);

/** Notes that files may lie around. */
export const noteLeftover = async (tx: Queryable, mediaId: string, since: Date): Promise<void> => {
  await tx.run('INSERT INTO media_leftover (media_id, since) VALUES ($1, $2) ON CONFLICT (media_id) DO NOTHING', [
    mediaId,
    since,
  ]);
};

export const forgetLeftover = async (tx: Queryable, mediaId: string): Promise<void> => {
  await tx.run('DELETE FROM media_leftover WHERE media_id = $1', [mediaId]);
};

/** Media whose files have been lying around since before a moment, the oldest first. */
export const findLeftovers = async (tx: Queryable, before: Date, count: number): Promise<string[]> =>
  (
    await tx.rows<{ id: string }>(
      'SELECT media_id AS id FROM media_leftover WHERE since < $1 ORDER BY since LIMIT $2',
      [before, count],
    )
  ).map(({ id }) => id);
