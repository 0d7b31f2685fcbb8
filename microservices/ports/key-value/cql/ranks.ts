import { checkMember, checkName, checkRange, checkScore } from '../limits.ts';
import type { KeyValue } from '../port.ts';
import { despiteDoubts, takingTurns, untilDone, type CqlSession } from './session.ts';

// See the migration: rows of kind 0 know a member's score, rows of kind 1 are the order. Both change in one batch on
// one partition, under the condition that the member still has the score that was read.
const MEMBER = 'space = ? AND name = ? AND kind = 0 AND score = 0 AND member = ?';
const PLACE = 'space = ? AND name = ? AND kind = 1 AND score = ? AND member = ?';
const SCORE_OF = `SELECT ranked_at FROM $KS.key_rank WHERE ${MEMBER}`;
const SET_FIRST_SCORE = `UPDATE $KS.key_rank SET ranked_at = ? WHERE ${MEMBER} IF ranked_at = null`;
const SET_SCORE = `UPDATE $KS.key_rank SET ranked_at = ? WHERE ${MEMBER} IF ranked_at = ?`;
const FORGET_SCORE = `DELETE FROM $KS.key_rank WHERE ${MEMBER} IF ranked_at = ?`;
const LEAVE_PLACE = `DELETE FROM $KS.key_rank WHERE ${PLACE}`;
const TAKE_PLACE = 'INSERT INTO $KS.key_rank (space, name, kind, score, member) VALUES (?, ?, 1, ?, ?)';
const RANGE =
  'SELECT member, score FROM $KS.key_rank WHERE space = ? AND name = ? AND kind = 1 AND score >= ? AND score <= ?';
const RANGE_UP = `${RANGE} LIMIT ?`;
const RANGE_DOWN = `${RANGE} ORDER BY kind DESC, score DESC, member DESC LIMIT ?`;

export const cqlRanks = (session: CqlSession): Pick<KeyValue, 'rank' | 'unrank' | 'range'> => {
  const inTurn = takingTurns();
  const scoreOf = async (space: string, set: string, member: string): Promise<number | null> =>
    (await session.read<{ ranked_at: number | null }>(SCORE_OF, [space, set, member]))[0]?.ranked_at ?? null;
  /**
   * Decides by the score that a member has (null: none) what to write, until it is so. An attempt that took effect
   * unnoticed is found done.
   */
  const move = (
    [space, set, member]: readonly [string, string, string],
    batchFor: (old: number | null) => Parameters<CqlSession['conditionalBatch']>[0],
  ): Promise<true> =>
    inTurn([space, set], () =>
      untilDone(`${member} of ${space} ${set}`, () =>
        despiteDoubts(async () => {
          const batch = batchFor(await scoreOf(space, set, member));
          return batch.length === 0 || (await session.conditionalBatch(batch)).applied || undefined;
        }),
      ),
    );
  return {
    rank: async (space, set, member, wanted) => {
      checkMember(space, set, member);
      const score = checkScore(wanted);
      await move([space, set, member], (old) => {
        if (old === score) return [];
        const place = [TAKE_PLACE, [space, set, score, member]] as const;
        return old === null
          ? [[SET_FIRST_SCORE, [score, space, set, member]], place]
          : [[SET_SCORE, [score, space, set, member, old]], [LEAVE_PLACE, [space, set, old, member]], place];
      });
    },
    unrank: async (space, set, member) => {
      checkMember(space, set, member);
      await move([space, set, member], (old) =>
        old === null
          ? []
          : [
              [FORGET_SCORE, [space, set, member, old]],
              [LEAVE_PLACE, [space, set, old, member]],
            ],
      );
    },
    range: async (space, set, { from = -Infinity, to = Infinity, limit, reverse = false }) => {
      checkName('space', space);
      checkName('set', set);
      checkRange(from, to, limit);
      const rows = await session.read<{ member: string; score: number }>(reverse ? RANGE_DOWN : RANGE_UP, [
        ...[space, set],
        // To CQL -0 is less than 0.
        ...[from === 0 ? -0 : from, to + 0],
        limit,
      ]);
      return rows.map(({ member, score }) => ({ member, score }));
    },
  };
};
