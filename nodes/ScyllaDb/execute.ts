import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { eachItem } from '../datastore/items.ts';
import { askOnce, operationIn } from '../datastore/read.ts';
import type { ScyllaDbCredential } from './connection.ts';
import { whereOf } from './credential-test.ts';
import { explain } from './error-messages.ts';
import { OPERATIONS } from './operations.ts';
import type { Form } from './read-form.ts';
import { withSession, type Session } from './session.ts';
import type { Table } from './statements.ts';
import { tableDefinition, type TableDefinition } from './table.ts';

/** Runs the chosen operation for each item on one connection, and closes it. */
export const executeItems = async (context: IExecuteFunctions): Promise<INodeExecutionData[][]> => {
  const credential = await context.getCredentials<ScyllaDbCredential>('scyllaDb');
  const where = whereOf(credential);
  const once = askOnce<TableDefinition>();
  return eachItem<Session>(
    context,
    (error) => explain(error, where),
    (use) => withSession(credential, use),
    async (session, item) => {
      const form = formOf(context, credential, item);
      const define = (table: Table) => once(JSON.stringify(table), () => tableDefinition(session, table));
      const items = await operationIn(OPERATIONS, form.parameter)({ session, form, define });
      return items.map((json) => ({ json }));
    },
  );
};

const formOf = (context: IExecuteFunctions, { keyspace }: ScyllaDbCredential, item: number): Form => ({
  // A parameter that the form does not show is not there at all; without something to fall back to, n8n throws.
  parameter: (name) => context.getNodeParameter(name, item, null),
  json: context.getInputData()[item]?.json ?? {},
  zone: context.getTimezone(),
  keyspace: keyspace?.trim() ?? '',
});
