import type { Job } from '../chassis/jobs.ts';
import type { Context } from './context.ts';
import { forgetOld } from './jobs/forget.ts';
import { sendCodes } from './jobs/send-codes.ts';
import { foldNames } from './store/search.ts';

const TEN_SECONDS = 10_000;
const BATCH = 500;
const TEN_MINUTES = 600_000;

export const jobs = (context: Context): Job[] => [
  { name: 'send-codes', everyMs: TEN_SECONDS, run: () => sendCodes(context) },
  { name: 'forget', everyMs: TEN_MINUTES, run: () => forgetOld(context.database, context.now()) },
  { name: 'fold-names', everyMs: TEN_SECONDS, run: async () => (await foldNames(context.database, BATCH)) === BATCH },
];
