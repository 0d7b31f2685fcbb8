import { randomInt } from 'node:crypto';
import { checkTtl, checkVersion, checkNames, checkNewVersion, encodeValue } from '../limits.ts';
import type { KeyValue } from '../port.ts';
import { takingTurns, untilDone, type Conditional, type CqlSession, type CqlValue } from './session.ts';

// Every write of a value is conditional, also `put`. A conditional write (Paxos) is ordered by the cluster's ballots, a plain one by the
// writer's clock: where one row takes both, a clock that is ahead by milliseconds makes a compare-and-set succeed and be lost all the same.
const SET = 'UPDATE $KS.key_value USING TTL ? SET value = ?, version = ? WHERE space = ? AND key = ?';
const OVER_OLDER = `${SET} IF version < ?`;
const OVER_EXACTLY = `${SET} IF version = ?`;
// Not INSERT IF NOT EXISTS: an inserted row may outlive its values that run out, and would then count as there.
const OVER_NOTHING = `${SET} IF version = null`;
const GET = 'SELECT value, version FROM $KS.key_value WHERE space = ? AND key = ?';
const DELETE = 'DELETE FROM $KS.key_value WHERE space = ? AND key = ? IF EXISTS';

const FOR_EVER = 0;

/**
 * The microseconds of this process's clock, pushed on where it stands still. The last three digits are random: two processes do not
 * give the same version to what one deleted and the other wrote anew.
 */
const versionClock = (): (() => number) => {
  let last = 0;
  return () => (last = Math.max(last + 1, Date.now() * 1_000 + randomInt(1_000)));
};

export const cqlValues = (
  session: CqlSession,
): Pick<KeyValue, 'get' | 'put' | 'putNewer' | 'compareAndSet' | 'delete'> => {
  const nextVersion = versionClock();
  const inTurn = takingTurns();
  return {
    get: async <Value>(space: string, key: string) => {
      checkNames(space, key);
      const [row] = await session.read<{ value: string | null; version: bigint | null }>(GET, [space, key]);
      if (!row || row.value === null || row.version === null) return undefined;
      return { value: JSON.parse(row.value) as Value, version: Number(row.version) };
    },
    put: async (space, key, value, { ttlSeconds } = {}) => {
      checkNames(space, key);
      const write = writer(session, space, key, encodeValue(value), checkTtl(ttlSeconds));
      let atLeast = 0;
      return inTurn([space, key], () =>
        untilDone(`${space} ${key}`, async () => {
          const version = Math.max(atLeast, nextVersion());
          const found = await write.overOlder(version, { idempotent: false });
          if (found === 'written') return version;
          atLeast = found + 1;
          return undefined;
        }),
      );
    },
    putNewer: async (space, key, value, version) => {
      checkNames(space, key);
      checkNewVersion(version);
      const write = writer(session, space, key, encodeValue(value), null);
      // Done again after a lost answer it finds its own version and changes nothing.
      return (await inTurn([space, key], () => write.overOlder(version, { idempotent: true }))) === 'written';
    },
    compareAndSet: async (space, key, expected, value, { ttlSeconds } = {}) => {
      checkNames(space, key);
      checkVersion(expected);
      const write = writer(session, space, key, encodeValue(value), checkTtl(ttlSeconds));
      const version = Math.max(expected + 1, nextVersion());
      const { applied } = await inTurn([space, key], () =>
        expected === 0 ? write.overNothing(version) : write.overExactly(version, expected),
      );
      return applied ? version : undefined;
    },
    delete: async (space, key) => {
      checkNames(space, key);
      await inTurn([space, key], () => session.conditional(DELETE, [space, key]));
    },
  };
};

type Sending = { idempotent: boolean };

const writer = (session: CqlSession, space: string, key: string, text: string, ttl: number | null) => {
  const values = (version: number): CqlValue[] => [ttl ?? FOR_EVER, text, BigInt(version), space, key];
  const overNothing = (version: number, sending?: Sending): Promise<Conditional> =>
    session.conditional(OVER_NOTHING, values(version), sending);
  return {
    overNothing,
    overExactly: (version: number, expected: number) =>
      session.conditional(OVER_EXACTLY, [...values(version), BigInt(expected)]),
    /** Writes over what is older or absent; answers the version that stands there where that is as new or newer. */
    overOlder: (version: number, sending: Sending): Promise<number | 'written'> =>
      untilDone(
        `${space} ${key}`,
        async () => {
          const update = await session.conditional(OVER_OLDER, [...values(version), BigInt(version)], sending);
          if (update.applied) return 'written';
          const standing = update.found['version'];
          if (typeof standing === 'bigint') return Number(standing);
          // Nothing is older than nothing: an absent value takes a condition of its own.
          return (await overNothing(version, sending)).applied ? 'written' : undefined;
        },
        { repeatable: sending.idempotent },
      ),
  };
};
