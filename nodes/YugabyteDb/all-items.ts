import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { StoreError } from '../datastore/error.ts';
import { failedItem, storeNodeError, type Explain } from '../datastore/items.ts';
import type { Isolation, Session } from './session.ts';

interface AllItems {
  context: IExecuteFunctions;
  explain: Explain;
  connect: (use: (session: Session) => Promise<void>) => Promise<void>;
  retry: <Answer>(once: () => Promise<Answer>) => Promise<Answer>;
  isolation: Isolation;
  work: (session: Session, item: number) => Promise<INodeExecutionData[]>;
}

/**
 * Runs `work` for every item in one transaction: all of it is done, or nothing. The whole is run again while the
 * database asks for it (`retry`). When it fails, the node stops with the item that failed; where it is told to
 * continue, every item goes on as `{ error }`, because none was written.
 */
export const allItems = async (given: AllItems): Promise<INodeExecutionData[][]> => {
  const { context, explain, connect, retry } = given;
  const items = [...context.getInputData().keys()];
  let returned: INodeExecutionData[] = [];
  let failedAt: number | undefined;
  try {
    await connect((session) =>
      retry(async () => {
        failedAt = undefined;
        returned = await oneTransaction(session, given, items, (item) => (failedAt = item));
      }),
    );
    return [returned];
  } catch (error) {
    if (error instanceof NodeOperationError || !context.continueOnFail())
      throw storeNodeError(context.getNode(), error, explain, failedAt);
    const reason = explain(error);
    return [items.map((item) => failedItem(item === (failedAt ?? item) ? reason : undone(failedAt, reason), item))];
  }
};

const oneTransaction = async (
  session: Session,
  { isolation, work }: AllItems,
  items: number[],
  fails: (item: number) => void,
): Promise<INodeExecutionData[]> => {
  const returned: INodeExecutionData[] = [];
  await session.begin(isolation);
  try {
    for (const item of items) {
      returned.push(...(await oneItem(session, work, item, fails)));
    }
  } catch (error) {
    // The first error counts; a rollback that fails as well closes the connection, which rolls back too.
    await session.rollback().catch(() => undefined);
    throw error;
  }
  await session.commit().catch((error: unknown) => {
    throw hasCode(error) ? error : commitUnknown(error);
  });
  return returned;
};

const oneItem = async (
  session: Session,
  work: AllItems['work'],
  item: number,
  fails: (item: number) => void,
): Promise<INodeExecutionData[]> => {
  try {
    const made = await work(session, item);
    if (!session.isInTransaction()) throw transactionEnded();
    return made.map((one) => ({ ...one, pairedItem: { item } }));
  } catch (error) {
    fails(item);
    throw error;
  }
};

/** The database answered, and with an SQLSTATE: nothing was committed. */
const hasCode = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^[0-9A-Z]{5}$/.test(error.code);

const commitUnknown = (error: unknown): StoreError =>
  new StoreError(
    'COMMIT_UNKNOWN',
    `The connection was lost while the transaction was being committed (${error instanceof Error ? error.message : String(error)}): whether it was written is not known.`,
    'Look at the rows before you run it again, or use Upsert, which may be repeated.',
  );

const transactionEnded = (): StoreError =>
  new StoreError(
    'TRANSACTION_ENDED',
    'The statement ended the transaction that all items share.',
    'Leave out COMMIT and ROLLBACK, or set Batching to Each Item.',
  );

const undone = (failedAt: number | undefined, { message }: StoreError): StoreError =>
  new StoreError(
    'ROLLED_BACK',
    `Nothing of this item was written, because item ${failedAt ?? 0} failed: ${message}`,
    'Correct that item, or set Batching to Each Item.',
  );
