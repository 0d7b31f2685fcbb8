import type { Job } from '../chassis/jobs.ts';
import type { Context } from './context.ts';
import { expireCreditBatch } from './service/credit-moves.ts';
import { expireBatch } from './service/expiry.ts';
import { writeStaleBatch } from './service/recent-balances.ts';

export const jobs = (context: Context): Job[] => [
  { name: 'expire-holds', everyMs: 1_000, run: () => expireBatch(context) },
  { name: 'expire-credit', everyMs: 1_000, run: () => expireCreditBatch(context) },
  { name: 'recent-balances', everyMs: 500, run: () => writeStaleBatch(context) },
];
