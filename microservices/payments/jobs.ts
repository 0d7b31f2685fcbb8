import type { Job } from '../chassis/jobs.ts';
import type { Context } from './context.ts';
import { checkBatch, expireBatch, resumeBatch } from './service/by-the-clock.ts';
import { TEST_BANK, type TestBank } from './psp/test-bank/index.ts';
import { takeNotice } from './service/notices.ts';
import { postBatch } from './service/post.ts';

export const jobs = (context: Context, bank: TestBank): Job[] => {
  const everyMs = context.settings.jobIntervalMs;
  return [
    { name: 'resume-movements', everyMs, run: () => resumeBatch(context) },
    { name: 'check-payments', everyMs, run: () => checkBatch(context) },
    { name: 'post-movements', everyMs, run: () => postBatch(context) },
    {
      name: 'deliver-test-notices',
      everyMs,
      run: () => bank.deliver((body, headers) => takeNotice(context, TEST_BANK, body, headers)),
    },
    { name: 'expire-payments', everyMs, run: () => expireBatch(context) },
  ];
};
