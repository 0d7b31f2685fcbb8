import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { StoreError } from '../shared/store-error.ts';
import { eachItem } from '../shared/store-items.ts';
import { explain } from './failure-words.ts';
import type { OperationName } from './form-parts.ts';
import { OPERATIONS, type Work } from './operations.ts';

/** Runs the chosen operation for each item, in order. */
export const executeItems = (context: IExecuteFunctions): Promise<INodeExecutionData[][]> =>
  eachItem<undefined>(
    context,
    explain,
    (use) => use(undefined),
    async (_connection, item) => {
      // A parameter that the form does not show is not there at all; without something to fall back to, n8n throws.
      const parameter = (name: string): unknown => context.getNodeParameter(name, item, null);
      return (await run({ context, parameter })).map((json) => ({ json }));
    },
  );

const run = (work: Work): ReturnType<(typeof OPERATIONS)[OperationName]> => {
  const name = `${String(work.parameter('resource'))}.${String(work.parameter('operation'))}`;
  if (Object.hasOwn(OPERATIONS, name)) return OPERATIONS[name as OperationName](work);
  throw new StoreError('INVALID_INPUT', `There is no operation "${name}".`, 'Choose one of the list.');
};
