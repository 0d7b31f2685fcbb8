import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { StoreError } from '../shared/store-error.ts';
import { eachItem } from '../shared/store-items.ts';
import { withConnection, type Connection, type MinIoCredential } from './connection.ts';
import { explain } from './failure-words.ts';
import { placeOf, textOf, type Parameter } from './read-form.ts';
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
      const name = `${textOf(parameter, 'resource')}.${textOf(parameter, 'operation')}`;
      const run = Object.hasOwn(RUNS, name) ? RUNS[name] : undefined;
      if (!run) throw new StoreError('INVALID_INPUT', `There is no operation "${name}".`, 'Choose one of the list.');
      try {
        return await run({ context, client, credential, parameter, item });
      } catch (error) {
        // Here the bucket and the key are known that the words are about.
        throw explain(error, { ...credential, ...placeOf(parameter) });
      }
    },
  );
};
