import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { StoreError } from '../datastore/error.ts';
import { eachItem } from '../datastore/items.ts';
import { askOnce, operationIn } from '../datastore/read.ts';
import { allItems } from './all-items.ts';
import { whereOf, type YugabyteDbCredential } from './connection.ts';
import { explain } from './error-messages.ts';
import { OPERATIONS } from './operations.ts';
import { option, type Form } from './read-form.ts';
import { retried } from './retry.ts';
import { ISOLATIONS, withSession, type Isolation, type Session, type SessionSettings } from './session.ts';
import { tableDefinition, type Table, type TableDefinition } from './table.ts';

/** Runs the chosen operation for each item, each by itself or all of them in one transaction, on one connection. */
export const executeItems = async (context: IExecuteFunctions): Promise<INodeExecutionData[][]> => {
  const credential = await context.getCredentials<YugabyteDbCredential>('yugabyteDb');
  const form = formOf(context, 0);
  const settings = settingsOf(form, context.getTimezone());
  const once = askOnce<TableDefinition>();
  const work = async (session: Session, item: number): Promise<INodeExecutionData[]> => {
    const { parameter, json } = formOf(context, item);
    const define = (table: Table) => once(JSON.stringify(table), () => tableDefinition(session, table));
    const made = await operationIn(OPERATIONS, parameter)({ session, form: { parameter, json }, define });
    return made.map((json) => ({ json }));
  };
  const connect = (use: (session: Session) => Promise<void>) => withSession(credential, settings, use);
  const inWords = (error: unknown): StoreError => explain(error, whereOf(credential));
  const retry = <Answer>(once: () => Promise<Answer>): Promise<Answer> =>
    retried(attemptsOf(form), context.getExecutionCancelSignal(), once);
  if (option(form, 'batching') === 'transaction')
    return allItems({ context, explain: inWords, connect, retry, isolation: isolationOf(form), work });
  return eachItem<Session>(context, inWords, connect, (session, item) => retry(() => work(session, item)));
};

const DEFAULT_TIMEOUT_S = 60;
const DEFAULT_ATTEMPTS = 5;

const settingsOf = (form: Form, zone: string): SessionSettings => ({
  zone,
  timeoutMs: Math.max(1, Number(option(form, 'timeout') ?? DEFAULT_TIMEOUT_S)) * 1_000,
  largeNumbers: option(form, 'largeNumbers') === 'number' ? 'number' : 'text',
  // A statement of the analyst's own may change the session: SET, temporary tables.
  afterwards: form.parameter('resource') === 'query' ? 'reset' : 'reuse',
});

const attemptsOf = (form: Form): number => Math.max(1, Number(option(form, 'attempts') ?? DEFAULT_ATTEMPTS));

const isolationOf = (form: Form): Isolation =>
  ISOLATIONS.find((isolation) => isolation === option(form, 'isolation')) ?? 'default';

const formOf = (context: IExecuteFunctions, item: number): Form => ({
  // A parameter that the form does not show is not there at all; without something to fall back to, n8n throws.
  parameter: (name) => context.getNodeParameter(name, item, null),
  json: context.getInputData()[item]?.json ?? {},
});
