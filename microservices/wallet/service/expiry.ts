import type { Context } from '../context.ts';
import { openBook } from '../policy/book.ts';
import { release } from '../policy/holds.ts';
import { lockExpiredHolds } from '../store/lock.ts';
import { writeBook } from '../store/write-book.ts';
import { announceSettled } from './announce.ts';

const BATCH = 100;

/**
 * Makes the rest of a batch of expired holds available again; true when there may be more. Of a capture and this, the
 * first to lock the hold wins.
 */
export const expireBatch = (context: Context): Promise<boolean> =>
  context.commit(async (tx) => {
    const { holds, accounts } = await lockExpiredHolds(tx, context.now().toISOString(), BATCH);
    let book = openBook(accounts);
    for (const hold of holds) {
      const outcome = release(book, hold, 'expire');
      if (outcome.refused) continue;
      book = outcome.done.book;
      announceSettled(tx, outcome.done, 'expired');
    }
    await writeBook(tx, book);
    return holds.length === BATCH;
  });
