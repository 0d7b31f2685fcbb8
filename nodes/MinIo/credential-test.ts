import type { INodeCredentialTestResult } from 'n8n-workflow';
import { failedTest } from '../datastore/methods.ts';
import { withConnection, type MinIoCredential } from './connection.ts';
import { explain } from './error-messages.ts';

const TEST_IDLE_MS = 10_000;

/** Signs in and lists the buckets, as the credential's "Test" does. Answers in words whether it worked. */
export const testConnection = async (credential: MinIoCredential): Promise<INodeCredentialTestResult> => {
  try {
    const buckets = await withConnection(credential, { idleMs: TEST_IDLE_MS }, ({ client }) => client.listBuckets());
    return {
      status: 'OK',
      message: `Connected; the key sees ${buckets.length} bucket${buckets.length === 1 ? '' : 's'}`,
    };
  } catch (error) {
    const failure = explain(error, { ...credential });
    // A key for one bucket may do all its work and still not be allowed to list them: the signature was accepted.
    if (failure.code === 'ACCESS_DENIED')
      return { status: 'OK', message: 'Connected; the key may not list buckets, so give their names in the nodes' };
    return failedTest(failure);
  }
};
