import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { inWords, listed } from '../datastore/methods.ts';
import { withConnection, type MinIoCredential } from './connection.ts';
import { explain } from './error-messages.ts';

const PICKER_IDLE_MS = 10_000;

/** The buckets that the key sees, those that hold the analyst's words. */
export const searchBuckets = async (
  context: ILoadOptionsFunctions,
  filter?: string,
): Promise<INodeListSearchResult> => {
  const credential = await context.getCredentials<MinIoCredential>('minIo');
  const ask = () => withConnection(credential, { idleMs: PICKER_IDLE_MS }, ({ client }) => client.listBuckets());
  return inWords(
    context,
    (error) => explain(error, { ...credential }),
    async () =>
      listed(
        (await ask()).map(({ name }) => name),
        filter,
      ),
  );
};
