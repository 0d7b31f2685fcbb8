import { checkNames, checkStep } from '../limits.ts';
import type { KeyValue } from '../port.ts';
import type { CqlSession } from './session.ts';

const ADD = 'UPDATE $KS.key_counter SET value = value + ? WHERE space = ? AND key = ?';
const COUNT = 'SELECT value FROM $KS.key_counter WHERE space = ? AND key = ?';

/** CQL counters. An increment is never sent again: a lost answer may mean a lost beat, never two for one. */
export const cqlCounters = (session: CqlSession): Pick<KeyValue, 'increment' | 'count'> => {
  const read = async (space: string, key: string): Promise<number> =>
    Number((await session.read<{ value: bigint | null }>(COUNT, [space, key]))[0]?.value ?? 0);
  return {
    increment: async (space, key, by = 1) => {
      checkNames(space, key);
      checkStep(by);
      await session.writeOnce(ADD, [BigInt(by), space, key]);
      return read(space, key);
    },
    count: async (space, key) => {
      checkNames(space, key);
      return read(space, key);
    },
  };
};
