/** Methods of a datastore node that n8n's editor calls: lists, mappers, the test of a credential. */
import type {
  ICredentialsDecrypted,
  ICredentialTestFunctions,
  ILoadOptionsFunctions,
  INodeCredentialTestResult,
  INodeListSearchResult,
} from 'n8n-workflow';
import { withoutCodes } from '../run/network-errors.ts';
import type { StoreError } from './error.ts';
import { storeNodeError, type Explain } from './items.ts';

/** n8n hands the context over as `this`; ours take it as their first argument. */
export const fromEditor = <Given extends unknown[], Answer>(
  method: (context: ILoadOptionsFunctions, ...given: Given) => Promise<Answer>,
) =>
  async function (this: ILoadOptionsFunctions, ...given: Given): Promise<Answer> {
    return method(this, ...given);
  };

/** The "Test" of a credential that is tested by its node. */
export const credentialTest = <Credential>(test: (credential: Credential) => Promise<INodeCredentialTestResult>) =>
  async function (this: ICredentialTestFunctions, tested: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
    // n8n hands over what the credential's form holds.
    return test((tested.data ?? {}) as unknown as Credential);
  };

/** A test that failed, in words. */
export const failedTest = ({ message, advice }: StoreError): INodeCredentialTestResult => ({
  status: 'Error',
  message: withoutCodes(`${message} ${advice}`),
});

/** Explains a failure while a list is made. */
export const inWords = async <Answer>(
  context: ILoadOptionsFunctions,
  explain: Explain,
  ask: () => Promise<Answer>,
): Promise<Answer> => {
  try {
    return await ask();
  } catch (error) {
    throw storeNodeError(context.getNode(), error, explain);
  }
};

/** More than this nobody scrolls through; typing narrows it down. */
const SHOWN = 500;

/** The names that hold what the analyst typed. */
export const listed = (names: string[], filter = ''): INodeListSearchResult => ({
  results: names
    .filter((name) => name.toLowerCase().includes(filter.trim().toLowerCase()))
    .slice(0, SHOWN)
    .map((name) => ({ name, value: name })),
});
