import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { eachItem } from '../datastore/items.ts';
import { operationIn, type Parameter } from '../datastore/read.ts';
import { withConnection, type Connection, type MinIoCredential } from './connection.ts';
import { explain } from './error-messages.ts';
import { placeOf } from './read-form.ts';
import { RUNS } from './runs.ts';

/** Runs the chosen operation for each item on the same connections, and closes them. */
export const executeItems = async (context: IExecuteFunctions): Promise<INodeExecutionData[][]> => {
  const credential = await context.getCredentials<MinIoCredential>('minIo');
  return eachItem<Connection>(
    context,
    (error) => explain(error, { ...credential }),
    (use) => withConnection(credential, { signal: context.getExecutionCancelSignal() }, use),
    async ({ client }, item) => {
      const parameter: Parameter = (name) => context.getNodeParameter(name, item, null);
      try {
        return await operationIn(RUNS, parameter)({ context, client, credential, parameter, item });
      } catch (error) {
        // Here the bucket and the key are known that the words are about.
        throw explain(error, { ...credential, ...placeOf(parameter) });
      }
    },
  );
};
