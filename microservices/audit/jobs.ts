import type { Job } from '../chassis/jobs.ts';
import type { Context } from './context.ts';
import { checkWhenDue, dropOld } from './service/check.ts';

const LOOK_MS = 60_000;

export const jobs = (context: Context): Job[] => {
  const everyMs = Math.min(LOOK_MS, context.settings.checkIntervalMs);
  return [
    { name: 'check-audit-trail', everyMs, run: () => checkWhenDue(context) },
    { name: 'drop-old-audit-entries', everyMs, run: () => dropOld(context) },
  ];
};
