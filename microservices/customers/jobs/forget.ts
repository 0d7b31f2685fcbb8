import type { Database } from '../../chassis/database/index.ts';
import { forgetCodes } from '../store/codes.ts';
import { forgetSessions } from '../store/sessions.ts';
import { forgetOldTries } from '../store/throttle.ts';

const DAY = 24 * 60 * 60_000;
const AT_ONCE = 1_000;

/** Deletes what has ended: codes and tries after two days, sessions after thirty. True when there is more. */
export const forgetOld = async (database: Database, now: Date): Promise<boolean> => {
  const daysAgo = (days: number) => new Date(now.getTime() - days * DAY);
  const deleted = [
    await forgetCodes(database, daysAgo(2), AT_ONCE),
    await forgetSessions(database, daysAgo(30), AT_ONCE),
    await forgetOldTries(database, daysAgo(2), AT_ONCE),
  ];
  return deleted.some((count) => count === AT_ONCE);
};
