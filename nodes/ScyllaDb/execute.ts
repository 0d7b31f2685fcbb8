import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { StoreError } from '../shared/store-error.ts';
import { eachItem } from '../shared/store-items.ts';
import type { ScyllaDbCredential } from './connection.ts';
import { whereOf } from './credential-test.ts';
import { explain } from './failure-words.ts';
import type { OperationName } from './form-parts.ts';
import { OPERATIONS, type Work } from './operations.ts';
import type { Form } from './read-form.ts';
import { withSession, type Session } from './session.ts';
import { tableDefinition, type TableDefinition } from './table.ts';

/** Runs the chosen operation for each item on one connection, and closes it. */
export const executeItems = async (context: IExecuteFunctions): Promise<INodeExecutionData[][]> => {
  const credential = await context.getCredentials<ScyllaDbCredential>('scyllaDb');
  const where = whereOf(credential);
  const definitions = new Map<string, Promise<TableDefinition>>();
  return eachItem<Session>(
    context,
    (error) => explain(error, where),
    (use) => withSession(credential, use),
    async (session, item) => {
      const form = formOf(context, credential, item);
      const items = await run({ session, form, define: once(session, definitions) });
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

/** Each table is asked for once in an execution. */
const once =
  (session: Session, known: Map<string, Promise<TableDefinition>>): Work['define'] =>
  (table) => {
    const name = JSON.stringify([table.keyspace, table.name]);
    const found = known.get(name) ?? tableDefinition(session, table);
    known.set(name, found);
    return found;
  };

const run = (work: Work): ReturnType<(typeof OPERATIONS)[OperationName]> => {
  const name = `${String(work.form.parameter('resource'))}.${String(work.form.parameter('operation'))}`;
  if (Object.hasOwn(OPERATIONS, name)) return OPERATIONS[name as OperationName](work);
  throw new StoreError('INVALID_INPUT', `There is no operation "${name}".`, 'Choose one of the list.');
};
