import { HIGHEST_VERSION, checkTtl, checkVersion, checkNames, checkNewVersion, encodeValue } from '../limits.ts';
import type { KeyValue } from '../port.ts';
import { takingTurns, untilDone, type CqlSession } from './session.ts';
import { valueWriter, type At, type Content, type WriteValue } from './value-writes.ts';
import { versionClock } from './version-clock.ts';

const GET = 'SELECT value, version FROM $KS.key_value WHERE space = ? AND key = ?';

type Values = Pick<KeyValue, 'get' | 'put' | 'putNewer' | 'compareAndSet' | 'delete'>;

/** `now` is this process's clock, in milliseconds. */
export const cqlValues = (session: CqlSession, now: () => number): Values => {
  const versionAfter = versionClock(now);
  const write = valueWriter(session);
  const inTurn = takingTurns();
  /** Tries until it is clear, after what this process does with the key already. */
  const settle = <T>(at: At, attempt: () => Promise<T | undefined>): Promise<T> =>
    inTurn(at, () => untilDone(at.join(' '), attempt));
  return {
    get: async <Value>(space: string, key: string) => {
      checkNames(space, key);
      const [row] = await session.read<{ value: string | null; version: bigint | null }>(GET, [space, key]);
      if (!row || row.value === null || row.version === null) return undefined;
      return { value: JSON.parse(row.value) as Value, version: Number(row.version) };
    },
    put: async (space, key, value, { ttlSeconds } = {}) => {
      checkNames(space, key);
      const content = { text: encodeValue(value), ttlSeconds: checkTtl(ttlSeconds) };
      let standing = 0;
      return settle([space, key], async () => {
        const version = versionAfter(standing);
        const found = await write([space, key], content, version, { older: true });
        if (found === true) return version;
        standing = found.version ?? 0;
        return found.version === undefined
          ? (await overNothing(write, [space, key], content, versionAfter)).written
          : undefined;
      });
    },
    putNewer: async (space, key, value, version) => {
      checkNames(space, key);
      checkNewVersion(version);
      const content = { text: encodeValue(value), ttlSeconds: null };
      return settle([space, key], async () => {
        const found = await write([space, key], content, version, { older: true });
        if (found === true || found.version !== undefined) return found === true;
        const { written } = await overNothing(write, [space, key], content, () => version);
        return written !== undefined || undefined;
      });
    },
    compareAndSet: async (space, key, expected, value, { ttlSeconds } = {}) => {
      checkNames(space, key);
      checkVersion(expected);
      const content = { text: encodeValue(value), ttlSeconds: checkTtl(ttlSeconds) };
      const { written } = await settle([space, key], async () => {
        if (expected === 0) {
          const outcome = await overNothing(write, [space, key], content, versionAfter);
          return outcome.written || outcome.standing ? outcome : undefined;
        }
        const version = versionAfter(expected);
        const found = await write([space, key], content, version, { exactly: expected });
        return { written: found === true ? version : undefined };
      });
      return written;
    },
    delete: async (space, key) => {
      checkNames(space, key);
      await settle([space, key], () => remove(write, [space, key], versionAfter));
    },
  };
};

interface Outcome {
  written?: number | undefined;
  /** The version of the value that is there after all. */
  standing?: number | undefined;
}

/**
 * Writes where no value is, under a version that follows on the last one there was. Returns neither when others changed
 * that meanwhile.
 */
const overNothing = async (
  write: WriteValue,
  at: At,
  content: Content,
  versionAfter: (last: number) => number,
): Promise<Outcome> => {
  const version = versionAfter(0);
  const found = await write(at, content, version, { nothingSince: undefined });
  if (found === true) return { written: version };
  if (found.version !== undefined || found.last === undefined) return { standing: found.version };
  const next = versionAfter(found.last);
  const again = await write(at, content, next, { nothingSince: found.last });
  return again === true ? { written: next } : { standing: again.version };
};

/** Takes the value away and remembers a version above its own. Undefined when it was changed meanwhile. */
const remove = async (
  write: WriteValue,
  at: At,
  versionAfter: (standing: number) => number,
): Promise<true | undefined> => {
  const found = await write(at, 'nothing', versionAfter(0), { older: true });
  if (found === true || (found.version === undefined && !found.doubted)) return true;
  // Should it come late all the same, it must not find anything that is older than it.
  if (found.version === undefined)
    return (await overNothing(write, at, 'nothing', versionAfter)).written === undefined ? undefined : true;
  // Nothing follows on the highest version, which only a caller can have given.
  const next = versionAfter(found.version < HIGHEST_VERSION ? found.version : 0);
  const again = await write(at, 'nothing', next, { exactly: found.version });
  return again === true || undefined;
};
