import type { Job } from '../../chassis/jobs.ts';
import type { Platform } from '../../chassis/service.ts';
import { openBook } from '../policy/book.ts';
import { release } from '../policy/holds.ts';
import { lockExpiredHolds } from '../store/lock.ts';
import { writeBook } from '../store/write-book.ts';
import { announceSettled } from './announce.ts';
import type { Wallet } from './ledger.ts';

const AT_ONCE = 100;

/** Makes available again what is left of holds that ran out; whoever holds a hold's lock first, a capture or this, wins. */
export const expiryJob = (platform: Platform<Wallet>): Job => ({
  name: 'expire-holds',
  everyMs: 1_000,
  run: async () => (await expireHolds(platform)) === AT_ONCE,
});

/** Expires a bounded number of holds in one transaction and answers how many. */
const expireHolds = (platform: Platform<Wallet>): Promise<number> =>
  platform.commit(async (tx) => {
    const { holds, accounts } = await lockExpiredHolds(tx, platform.now().toISOString(), AT_ONCE);
    let book = openBook(accounts);
    for (const hold of holds) {
      const outcome = release(book, hold, 'expire');
      if (outcome.refused) continue;
      book = outcome.done.book;
      announceSettled(tx, outcome.done, 'expired');
    }
    await writeBook(tx, book);
    return holds.length;
  });
