import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { storeNodeError } from '../shared/store-items.ts';
import { withConnection, type MinIoCredential } from './connection.ts';
import { explain } from './failure-words.ts';

const PICKER_IDLE_MS = 10_000;

/** The buckets that the key sees, those that hold the analyst's words. */
export const searchBuckets = async (
  context: ILoadOptionsFunctions,
  filter?: string,
): Promise<INodeListSearchResult> => {
  const credential = await context.getCredentials<MinIoCredential>('minIo');
  const part = (filter ?? '').trim().toLowerCase();
  try {
    const buckets = await withConnection(credential, { idleMs: PICKER_IDLE_MS }, ({ client }) => client.listBuckets());
    const names = buckets.map(({ name }) => name).filter((name) => name.toLowerCase().includes(part));
    return { results: names.map((name) => ({ name, value: name })) };
  } catch (error) {
    throw storeNodeError(context.getNode(), error, (thrown) => explain(thrown, { ...credential }));
  }
};
