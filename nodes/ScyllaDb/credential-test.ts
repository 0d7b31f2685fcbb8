import type { INodeCredentialTestResult } from 'n8n-workflow';
import { failedTest } from '../datastore/methods.ts';
import { contactPointsOf, type ScyllaDbCredential } from './connection.ts';
import { explain, type Where } from './error-messages.ts';
import { withSession } from './session.ts';
import { clusterOf } from './table.ts';

/** Signs in and asks for the cluster, as the credential's "Test" does. Answers in words whether it worked. */
export const testConnection = async (credential: ScyllaDbCredential): Promise<INodeCredentialTestResult> => {
  try {
    const { name, version, dataCenter } = await withSession(credential, clusterOf);
    return { status: 'OK', message: `Connected to ${name} (${version}, data center ${dataCenter})` };
  } catch (error) {
    return failedTest(explain(error, whereOf(credential)));
  }
};

/** The names that an error message mentions. Contact points may be missing: then the message is about that. */
export const whereOf = (credential: ScyllaDbCredential): Where => {
  const { username, keyspace } = credential;
  try {
    return { contactPoints: contactPointsOf(credential), username, keyspace };
  } catch {
    return { contactPoints: [], username, keyspace };
  }
};
