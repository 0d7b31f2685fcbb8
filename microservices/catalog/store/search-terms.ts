import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { searchRedirect, synonyms, type SearchRedirect, type Synonyms } from '../contract/search-terms.ts';

const SYNONYMS = columns(Object.keys(synonyms.shape), 's');
const REDIRECT = columns(Object.keys(searchRedirect.shape), 'r');

export const lockSynonyms = (tx: Queryable, id: string): Promise<Synonyms | undefined> =>
  tx.maybeOne<Synonyms>(`SELECT ${SYNONYMS} FROM synonyms s WHERE s.id = $1 FOR UPDATE`, [id]);

/** Writes synonyms whole, with folded phrases that queries are compared with. A taken one is a unique violation. */
export const saveSynonyms = async (tx: Queryable, saved: Synonyms, folded: readonly string[]): Promise<void> => {
  await tx.run(
    `INSERT INTO synonyms (id, phrases, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (id) DO UPDATE SET phrases = EXCLUDED.phrases, version = EXCLUDED.version, updated_at = EXCLUDED.updated_at`,
    [saved.id, saved.phrases, saved.version, saved.createdAt, saved.updatedAt],
  );
  await tx.run('DELETE FROM synonym_phrase WHERE synonyms_id = $1', [saved.id]);
  await tx.run(
    `INSERT INTO synonym_phrase (phrase, synonyms_id) SELECT phrase, $1 FROM unnest($2::text[]) AS given(phrase) ORDER BY phrase COLLATE "C"`,
    [saved.id, folded],
  );
};

export const deleteSynonyms = async (tx: Queryable, id: string): Promise<void> => {
  await tx.run('DELETE FROM synonym_phrase WHERE synonyms_id = $1', [id]);
  await tx.run('DELETE FROM synonyms WHERE id = $1', [id]);
};

export const listSynonyms = (tx: Queryable, before: string | undefined, count: number): Promise<Synonyms[]> =>
  tx.rows<Synonyms>(
    `SELECT ${SYNONYMS} FROM synonyms s WHERE ($1::text IS NULL OR s.id < $1) ORDER BY s.id DESC LIMIT $2`,
    [before, count],
  );

/** Of these phrases those that have synonyms, each with the others that mean the same. */
export const findSynonyms = async (tx: Queryable, phrases: readonly string[]): Promise<Map<string, string[]>> =>
  new Map(
    (
      await tx.rows<{ phrase: string; others: string[] }>(
        `SELECT own.phrase, array_agg(other.phrase ORDER BY other.phrase) AS others
         FROM synonym_phrase own JOIN synonym_phrase other ON other.synonyms_id = own.synonyms_id AND other.phrase <> own.phrase
         WHERE own.phrase = ANY($1) GROUP BY own.phrase`,
        [phrases],
      )
    ).map(({ phrase, others }) => [phrase, others]),
  );

export const lockRedirect = (tx: Queryable, id: string): Promise<SearchRedirect | undefined> =>
  tx.maybeOne<SearchRedirect>(`SELECT ${REDIRECT} FROM search_redirect r WHERE r.id = $1 FOR UPDATE`, [id]);

/** Writes a redirect whole. A taken query is a unique violation. */
export const saveRedirect = async (tx: Queryable, saved: SearchRedirect, folded: string): Promise<void> => {
  await tx.run(
    `INSERT INTO search_redirect (id, query, folded, target, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (id) DO UPDATE SET target = EXCLUDED.target, version = EXCLUDED.version, updated_at = EXCLUDED.updated_at`,
    [saved.id, saved.query, folded, saved.target, saved.version, saved.createdAt, saved.updatedAt],
  );
};

export const deleteRedirect = async (tx: Queryable, id: string): Promise<void> => {
  await tx.run('DELETE FROM search_redirect WHERE id = $1', [id]);
};

export const listRedirects = (tx: Queryable, before: string | undefined, count: number): Promise<SearchRedirect[]> =>
  tx.rows<SearchRedirect>(
    `SELECT ${REDIRECT} FROM search_redirect r WHERE ($1::text IS NULL OR r.id < $1) ORDER BY r.id DESC LIMIT $2`,
    [before, count],
  );

/** Where a folded query leads; null when it leads nowhere. */
export const findTarget = async (tx: Queryable, folded: string): Promise<string | null> =>
  (await tx.maybeOne<{ target: string }>('SELECT target FROM search_redirect WHERE folded = $1', [folded]))?.target ??
  null;
