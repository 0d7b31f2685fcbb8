import { crc32 } from 'node:zlib';
import type { Database, Queryable } from '../../chassis/database/index.ts';
import {
  HIGHEST_VERSION,
  MEMORY_SECONDS,
  checkMember,
  checkName,
  checkNames,
  checkNewVersion,
  checkRange,
  checkScore,
  checkStep,
  checkTtl,
  checkVersion,
  encodeValue,
  noHigherVersion,
} from './limits.ts';
import type { KeyValue } from './port.ts';

const BUCKETS = 16;
const ALL_BUCKETS = Array.from({ length: BUCKETS }, (_, bucket) => bucket);

const bucketOf = (key: string): number => crc32(key) % BUCKETS;

/**
 * The KeyValue port on the service's own SQL schema (chassis migration 002). Time to live goes by the database's clock.
 * A value that ran out is gone for every reader at once, as is one that was deleted; their rows go with `purgeExpired`.
 */
export const openSqlKeyValue = (database: Database): KeyValue => ({
  get: async <Value>(space: string, key: string) => {
    checkNames(space, key);
    const row = await database.maybeOne<{ value: string; version: number }>(GET, [space, key]);
    return row && { value: JSON.parse(row.value) as Value, version: row.version };
  },
  put: async (space, key, value, { ttlSeconds } = {}) => {
    checkNames(space, key);
    const written = [space, key, encodeValue(value), checkTtl(ttlSeconds), bucketOf(key)];
    const row = await database.maybeOne<{ version: number }>(PUT, written);
    if (!row) throw noHigherVersion();
    return row.version;
  },
  putNewer: async (space, key, value, version) => {
    checkNames(space, key);
    checkNewVersion(version);
    return (await database.run(PUT_NEWER, [space, key, encodeValue(value), version, bucketOf(key)])) === 1;
  },
  compareAndSet: async (space, key, expected, value, { ttlSeconds } = {}) => {
    checkNames(space, key);
    checkVersion(expected);
    if (expected === HIGHEST_VERSION) throw noHigherVersion();
    const written = [space, key, encodeValue(value), checkTtl(ttlSeconds)];
    const row = await (expected === 0
      ? database.maybeOne<{ version: number }>(PUT_ABSENT, [...written, bucketOf(key)])
      : database.maybeOne<{ version: number }>(PUT_VERSION, [...written, expected]));
    return row?.version;
  },
  delete: async (space, key) => {
    checkNames(space, key);
    await database.run(DELETE, [space, key]);
  },
  increment: async (space, key, by = 1) => {
    checkNames(space, key);
    checkStep(by);
    return (await database.one<{ value: number }>(INCREMENT, [space, key, by])).value;
  },
  count: async (space, key) => {
    checkNames(space, key);
    return (
      (
        await database.maybeOne<{ value: number }>('SELECT value FROM key_counter WHERE space = $1 AND key = $2', [
          space,
          key,
        ])
      )?.value ?? 0
    );
  },
  rank: async (space, set, member, score) => {
    checkMember(space, set, member);
    await database.run(RANK, [space, set, member, checkScore(score)]);
  },
  unrank: async (space, set, member) => {
    checkMember(space, set, member);
    await database.run('DELETE FROM key_rank WHERE space = $1 AND name = $2 AND member = $3', [space, set, member]);
  },
  range: async (space, set, { from = -Infinity, to = Infinity, limit, reverse = false }) => {
    checkName('space', space);
    checkName('set', set);
    checkRange(from, to, limit);
    return database.rows(reverse ? RANGE_DOWN : RANGE_UP, [space, set, from, to, limit]);
  },
});

/**
 * Forgets at most `limit` values that were deleted or ran out more than an hour ago; true when there may be more. Safe
 * to run anywhere, at any time.
 */
export const purgeExpired = async (database: Queryable, limit = 1_000): Promise<boolean> =>
  (await database.run(PURGE, [ALL_BUCKETS, limit])) === limit;

const LIVE = '(known.value IS NOT NULL AND (known.expires_at IS NULL OR known.expires_at > clock_timestamp()))';
const EXPIRY = `CASE WHEN $4::int IS NULL THEN NULL ELSE clock_timestamp() + $4::int * interval '1 second' END`;

// A version is the clock's microseconds, pushed on where the clock stands still or is behind: it grows with every
// write. The row of what was deleted or ran out stays for an hour, so that this holds also where another server's clock
// goes on (a failover, YugabyteDB's nodes), and a late compare-and-set cannot mistake what was written anew for what it
// had read.
const CLOCK_VERSION = '(extract(epoch FROM clock_timestamp()) * 1000000)::bigint';
const NEXT_VERSION = `greatest(known.version + 1, ${CLOCK_VERSION})`;

const GET = `SELECT value, version FROM key_value AS known WHERE space = $1 AND key = $2 AND ${LIVE}`;

// Nothing follows on the highest version, which only a caller can have given.
const DELETE = `
UPDATE key_value AS known SET value = NULL, expires_at = clock_timestamp(),
  version = CASE WHEN known.version < ${HIGHEST_VERSION} THEN known.version ELSE ${CLOCK_VERSION} END
WHERE space = $1 AND key = $2 AND known.value IS NOT NULL`;

const UPSERT = `
INSERT INTO key_value AS known (space, key, value, version, expires_at, bucket)
VALUES ($1, $2, $3, ${CLOCK_VERSION}, ${EXPIRY}, $5)
ON CONFLICT (key, space) DO UPDATE SET value = EXCLUDED.value, version = ${NEXT_VERSION}, expires_at = EXCLUDED.expires_at`;

const PUT = `${UPSERT} WHERE known.version < ${HIGHEST_VERSION} RETURNING version`;
const PUT_ABSENT = `${UPSERT} WHERE NOT ${LIVE} RETURNING version`;
const PUT_NEWER = `
INSERT INTO key_value AS known (space, key, value, version, bucket) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (key, space) DO UPDATE SET value = EXCLUDED.value, version = EXCLUDED.version, expires_at = NULL
WHERE known.version < EXCLUDED.version OR NOT ${LIVE}`;
const PUT_VERSION = `
UPDATE key_value AS known SET value = $3, version = ${NEXT_VERSION}, expires_at = ${EXPIRY}
WHERE space = $1 AND key = $2 AND version = $5 AND ${LIVE} RETURNING version`;

const INCREMENT = `
INSERT INTO key_counter AS known (space, key, value) VALUES ($1, $2, $3)
ON CONFLICT (key, space) DO UPDATE SET value = known.value + EXCLUDED.value RETURNING value`;

const RANK = `
INSERT INTO key_rank (space, name, member, score) VALUES ($1, $2, $3, $4)
ON CONFLICT (name, space, member) DO UPDATE SET score = EXCLUDED.score`;

const RANGE = 'SELECT member, score FROM key_rank WHERE space = $1 AND name = $2 AND score >= $3 AND score <= $4';
const RANGE_UP = `${RANGE} ORDER BY score, member LIMIT $5`;
const RANGE_DOWN = `${RANGE} ORDER BY score DESC, member DESC LIMIT $5`;

const PURGE = `
DELETE FROM key_value WHERE (key, space) IN (
  SELECT key, space FROM key_value
  WHERE bucket = ANY($1::smallint[]) AND expires_at <= clock_timestamp() - interval '${MEMORY_SECONDS} seconds'
  LIMIT $2 FOR UPDATE SKIP LOCKED
)`;
