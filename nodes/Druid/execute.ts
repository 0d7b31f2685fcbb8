import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { eachItem } from '../datastore/items.ts';
import { operationIn, type Parameter } from '../datastore/read.ts';
import { explain } from './error-messages.ts';
import { OPERATIONS } from './operations.ts';

/** Runs the chosen operation for each item, in order. */
export const executeItems = (context: IExecuteFunctions): Promise<INodeExecutionData[][]> =>
  eachItem<undefined>(
    context,
    explain,
    (use) => use(undefined),
    async (_connection, item) => {
      // A parameter that the form does not show is not there at all; without something to fall back to, n8n throws.
      const parameter: Parameter = (name) => context.getNodeParameter(name, item, null);
      return (await operationIn(OPERATIONS, parameter)({ context, parameter })).map((json) => ({ json }));
    },
  );
