/** The lists of the form: they ask Druid, as the analyst types. */
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { inWords, listed } from '../datastore/methods.ts';
import { explain, SQL_PATH } from './error-messages.ts';
import { ask } from './transport.ts';

const TIMEOUT_MS = 15_000;
const found = (
  context: ILoadOptionsFunctions,
  names: () => Promise<string[]>,
  filter: string | undefined,
): Promise<INodeListSearchResult> => inWords(context, explain, async () => listed((await names()).toSorted(), filter));

export const searchDataSources = (context: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> =>
  found(
    context,
    async () => {
      const query = `SELECT TABLE_NAME AS "name" FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'druid'`;
      const body = JSON.stringify({ query, resultFormat: 'object' });
      const rows = await ask(context, {
        method: 'POST',
        path: SQL_PATH,
        body,
        timeoutMs: TIMEOUT_MS,
        once: true,
      });
      return (Array.isArray(rows) ? (rows as { name?: unknown }[]) : []).map(({ name }) => name as string);
    },
    filter,
  );

export const searchSupervisors = (context: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> =>
  found(
    context,
    async () => {
      const path = '/druid/indexer/v1/supervisor';
      const ids = await ask(context, { method: 'GET', path, timeoutMs: TIMEOUT_MS, once: true });
      return Array.isArray(ids) ? (ids as string[]) : [];
    },
    filter,
  );
