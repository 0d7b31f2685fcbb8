import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'cassandra-driver';
import { hasCode, messageOf } from './failures.ts';

/** A change of the schema has to reach every node, and may wait for others' changes. */
const SCHEMA_TIMEOUT_MS = 30_000;
const AGREEMENT_PATIENCE_MS = 60_000;
const ASK_AGAIN_MS = 500;

/**
 * Runs one statement that changes the schema and waits until every node that answers knows of it. Throws when they do
 * not agree within a minute.
 */
export const changeSchema = async (client: Client, statement: string): Promise<void> => {
  await client.execute(statement, [], { prepare: false, readTimeout: SCHEMA_TIMEOUT_MS });
  // Documented by the client, absent from its types.
  const metadata = client.metadata as Client['metadata'] & { checkSchemaAgreement: () => Promise<boolean> };
  for (let waited = 0; waited < AGREEMENT_PATIENCE_MS; waited += ASK_AGAIN_MS) {
    if (await metadata.checkSchemaAgreement()) return;
    await sleep(ASK_AGAIN_MS);
  }
  throw new Error(
    `The nodes of the CQL cluster did not agree on the schema within a minute after: ${statement}. See \`nodetool describecluster\`.`,
  );
};

const USABLE_PATIENCE_MS = 10_000;
const USABLE_AGAIN_MS = 50;

/**
 * Asks again, for ten seconds, while the server does not know what the question is about. What somebody else makes
 * stands in system_schema a moment before it can be used: Cassandra writes it there first and takes it over then (in
 * between it knows the table's name, not yet its store), and the other nodes follow.
 */
export const onceUsable = async <T>(ask: () => Promise<T>): Promise<T> => {
  const last = performance.now() + USABLE_PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isUnknownYet(error) || performance.now() > last) throw error;
    }
    await sleep(USABLE_AGAIN_MS);
  }
};

const isUnknownYet = (error: unknown): boolean =>
  hasCode(error, 'invalid') || (hasCode(error, 'serverError') && messageOf(error).includes('Unknown CF'));
