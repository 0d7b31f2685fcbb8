import { randomBytes } from 'node:crypto';
import { MEMORY_SECONDS } from '../limits.ts';
import { makeCertain } from './outcome.ts';
import type { CqlSession, CqlValue } from './session.ts';

const FOR_EVER = 0;

// Every write of a value is conditional, also `put`. A conditional write (Paxos) is ordered by the cluster's ballots, a
// plain one by the writer's clock: where one row takes both, a clock that is ahead by milliseconds makes a
// compare-and-set succeed and be lost all the same.
const ROW = 'WHERE space = ? AND key = ?';
const SET = `UPDATE $KS.key_value USING TTL ? SET value = ?, version = ? ${ROW}`;
// Not the whole row: what is remembered stays.
const DELETE = `DELETE value, version FROM $KS.key_value ${ROW}`;
const REMEMBER = `UPDATE $KS.key_value USING TTL ? SET last_version = ?, writes[?] = ? ${ROW}`;
const WRITES = `SELECT writes FROM $KS.key_value ${ROW}`;

/** A key's space and name. */
export type At = readonly [space: string, key: string];

/** The wanted state after a write: a value's text, for some seconds or until further notice, or nothing. */
export type Content = { text: string; ttlSeconds: number | null } | 'nothing';

/**
 * The condition of a write: a value with a lower version, with exactly this one, or none, with the memory of the last
 * one.
 */
export type Over = { older: true } | { exactly: number } | { nothingSince: number | undefined };

export interface Standing {
  /** Of the live value; undefined when there is none. */
  version: number | undefined;
  /** The next version must exceed this where there is no value; known only after `nothingSince`. */
  last: number | undefined;
  /** True when the refused write may arrive once more. */
  doubted: boolean;
}

/**
 * Writes one row under a condition; returns true, or what stood in the way. Throws CqlOutcomeUnknown when nobody can be
 * asked what became of it.
 */
export type WriteValue = (at: At, content: Content, version: number, over: Over) => Promise<true | Standing>;

/**
 * One writer, of a name that nobody else has. Only one of its writes to a key may be under way at a time: its last one
 * is what the row remembers.
 */
export const valueWriter = (session: CqlSession): WriteValue => {
  const writer = randomBytes(8).toString('hex');
  let writes = 0n;
  return async (at, content, version, over) => {
    const write = (writes += 1n);
    const lifetime = content === 'nothing' ? 0 : (content.ttlSeconds ?? 0);
    const batch = [
      conditional(at, content, version, over),
      [REMEMBER, [lifetime + MEMORY_SECONDS, BigInt(version), writer, write, ...at]],
    ] as const;
    const { applied, found, doubted } = await makeCertain({
      what: at.join(' '),
      send: () => session.conditionalBatch(batch),
      tookEffect: async () => {
        const [row] = await session.readSerial<{ writes: Record<string, bigint> | null }>(WRITES, at);
        return row?.writes?.[writer] === write;
      },
    });
    return applied || { version: numberIn(found['version']), last: numberIn(found['last_version']), doubted };
  };
};

const conditional = (
  at: At,
  content: Content,
  version: number,
  over: Over,
): readonly [text: string, values: readonly CqlValue[]] => {
  const [condition, values] = conditionOf(version, over);
  return content === 'nothing'
    ? [`${DELETE} ${condition}`, [...at, ...values]]
    : [`${SET} ${condition}`, [content.ttlSeconds ?? FOR_EVER, content.text, BigInt(version), ...at, ...values]];
};

// Not INSERT IF NOT EXISTS: an inserted row may outlive its values that run out, and would then count as there. And not
// `version = null` alone: a write that was long under way would find the value deleted, and write it anew.
const conditionOf = (version: number, over: Over): [condition: string, values: CqlValue[]] => {
  if ('older' in over) return ['IF version < ?', [BigInt(version)]];
  if ('exactly' in over) return ['IF version = ?', [BigInt(over.exactly)]];
  return over.nothingSince === undefined
    ? ['IF version = null AND last_version = null', []]
    : ['IF version = null AND last_version = ?', [BigInt(over.nothingSince)]];
};

const numberIn = (column: unknown): number | undefined => (typeof column === 'bigint' ? Number(column) : undefined);
