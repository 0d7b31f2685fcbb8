import type { INodeCredentialTestResult } from 'n8n-workflow';
import { failedTest } from '../datastore/methods.ts';
import { whereOf, type YugabyteDbCredential } from './connection.ts';
import { explain } from './error-messages.ts';
import { textIn, withSession } from './session.ts';

/** Signs in and asks for the version, as the credential's "Test" does. Answers in words whether it worked. */
export const testConnection = async (credential: YugabyteDbCredential): Promise<INodeCredentialTestResult> => {
  const settings = { zone: 'UTC', timeoutMs: 10_000, largeNumbers: 'text', afterwards: 'reuse' } as const;
  try {
    const { rows } = await withSession(credential, settings, (session) =>
      session.run({
        text: "SELECT current_database() || ' (' || substring(version() from '^[^ ]+ [^ ]+') || ')' AS name",
        values: [],
      }),
    );
    return { status: 'OK', message: `Connected to ${textIn(rows[0], 'name')}` };
  } catch (error) {
    return failedTest(explain(error, whereOf(credential)));
  }
};
