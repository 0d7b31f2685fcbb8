import { walletContract } from '../../wallet/contract.ts';
import type { Context } from '../context.ts';
import { markPosted, takeDuePostings } from '../store/postings.ts';

const BATCH = 50;
/** After a failure the ledger is asked again so much later. */
const AGAIN_MS = 15_000;

/** Posts a batch of movements to the ledger, each once by its reference; true when there may be more. */
export const postBatch = async (context: Context): Promise<boolean> => {
  const wallet = context.client(walletContract);
  const at = context.now();
  const due = await takeDuePostings(context.database, at, new Date(at.getTime() + AGAIN_MS), BATCH);
  for (const { reference, transfers } of due) {
    await wallet.postClearing({ reference, transfers }, { idempotencyKey: reference });
    await markPosted(context.database, reference, context.now());
  }
  return due.length === BATCH;
};
