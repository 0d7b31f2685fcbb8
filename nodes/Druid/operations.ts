import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { StoreError } from '../shared/store-error.ts';
import type { OperationName } from './form-parts.ts';
import { parameterJson, TYPES, type ParameterType } from './parameters.ts';
import { supervisorSpec } from './supervisor-spec.ts';
import { ask } from './transport.ts';

export interface Work {
  context: IExecuteFunctions;
  /** A parameter of the item, resolved; null where the form does not show it. */
  parameter: (name: string) => unknown;
}
type Operation = (work: Work) => Promise<IDataObject[]>;

const SUPERVISORS = '/druid/indexer/v1/supervisor';
const SUPERVISOR_TIMEOUT_MS = 30_000;

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

const option = ({ parameter }: Work, name: string): unknown => asObject(parameter('options'))[name];

const limitOf = ({ parameter }: Work): number | undefined =>
  parameter('returnAll') === true ? undefined : Math.max(1, Math.trunc(Number(parameter('limit') ?? 50)) || 50);

interface Query {
  text: string;
  /** Each as JSON. */
  parameters: string[];
}

/** Rows of a query, no more than wanted. The limit goes beside the query, so that its text stays what it is. */
const queried = async (work: Work, { text, parameters }: Query): Promise<IDataObject[]> => {
  const seconds = Math.max(1, Number(option(work, 'timeout') ?? 60));
  const limit = limitOf(work);
  const context = {
    ...contextOf(work),
    timeout: seconds * 1_000,
    ...(limit !== undefined && { sqlOuterLimit: limit }),
  };
  const head = JSON.stringify({ query: text, resultFormat: 'object', context });
  const answer = await ask(work.context, {
    method: 'POST',
    path: '/druid/v2/sql',
    body: `${head.slice(0, -1)},"parameters":[${parameters.join(',')}]}`,
    // Druid is to say itself that the time is over.
    timeoutMs: seconds * 1_000 + 5_000,
    exact: option(work, 'largeNumbers') !== 'number',
  });
  return Array.isArray(answer) ? (answer as IDataObject[]) : [];
};

const contextOf = (work: Work): Record<string, unknown> => {
  const given = option(work, 'context');
  if (given === undefined || given === null || given === '') return {};
  const value = typeof given === 'string' ? parsed(given) : given;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new StoreError(
    'INVALID_INPUT',
    `The query context is no JSON object: ${JSON.stringify(value)?.slice(0, 80) ?? ''}.`,
    'Give an object, for example {"sqlTimeZone": "Europe/Berlin"}.',
  );
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const executeQuery: Operation = async (work) => {
  const text = work.parameter('query');
  if (typeof text !== 'string' || text.trim() === '')
    throw new StoreError('INVALID_INPUT', 'The query is empty.', 'Write one SQL query, with a ? for each value.');
  const rows = asObject(work.parameter('parameters'))['parameter'];
  const zone = work.context.getTimezone();
  const parameters = (Array.isArray(rows) ? rows : []).map((row: unknown, index) => {
    const { type, value } = asObject(row);
    return parameterJson(typeOf(type), value, index + 1, zone);
  });
  return queried(work, { text, parameters });
};

const typeOf = (type: unknown): ParameterType => TYPES.find((one) => one === type) ?? 'VARCHAR';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const dataSourceRows: Operation = async (work) => {
  const name = located(work, 'dataSource', 'data source');
  const zone = work.context.getTimezone();
  const bounds = (['from', 'until'] as const).flatMap((field) => {
    const value = option(work, field);
    const isSet = value !== undefined && value !== null && value !== '';
    return isSet ? [{ sign: field === 'from' ? '>=' : '<', value }] : [];
  });
  const where = bounds.map(({ sign }) => `__time ${sign} ?`).join(' AND ');
  return queried(work, {
    text: `SELECT * FROM ${quoted('druid')}.${quoted(name)}${where && ` WHERE ${where}`} ORDER BY __time DESC`,
    parameters: bounds.map(({ value }, index) => parameterJson('TIMESTAMP', value, index + 1, zone)),
  });
};

const dataSources: Operation = async (work) =>
  queried(work, {
    // Numbers only: Druid's system tables cannot take the least of texts, such as where a segment starts.
    text: `SELECT datasource AS "name", SUM(num_rows) AS "rows", COUNT(*) AS "segments", SUM("size") AS "size"
      FROM sys.segments WHERE is_active = 1 GROUP BY 1 ORDER BY 1`,
    parameters: [],
  });

const located = ({ parameter }: Work, name: string, what: string): string => {
  const given = parameter(name);
  const value = asObject(given)['value'] ?? given;
  if (typeof value === 'string' && value !== '') return value;
  throw new StoreError('INVALID_INPUT', `No ${what} is chosen.`, `Choose a ${what}.`);
};

const supervisorPath = (work: Work, action = ''): string =>
  `${SUPERVISORS}/${encodeURIComponent(located(work, 'supervisorId', 'supervisor'))}${action}`;

const toSupervisor = (work: Work, method: 'GET' | 'POST', path: string, body?: string): Promise<unknown> =>
  ask(work.context, { method, path, timeoutMs: SUPERVISOR_TIMEOUT_MS, ...(body !== undefined && { body }) });

const submit: Operation = async (work) => {
  const spec = supervisorSpec(work.parameter('specification'));
  return [(await toSupervisor(work, 'POST', SUPERVISORS, JSON.stringify(spec))) as IDataObject];
};

const status: Operation = async (work) => [
  (await toSupervisor(work, 'GET', supervisorPath(work, '/status'))) as IDataObject,
];

const supervisors: Operation = async (work) => {
  const withSpec = option(work, 'includeSpecification') === true;
  const answer = await toSupervisor(work, 'GET', `${SUPERVISORS}?${withSpec ? 'full' : 'state=true'}`);
  return (Array.isArray(answer) ? (answer as IDataObject[]) : []).slice(0, limitOf(work));
};

const order =
  (action: string): Operation =>
  async (work) => [asObject(await toSupervisor(work, 'POST', supervisorPath(work, action))) as IDataObject];

export const OPERATIONS: Record<OperationName, Operation> = {
  'dataSource.getMany': dataSources,
  'dataSource.getRows': dataSourceRows,
  'query.execute': executeQuery,
  'supervisor.get': status,
  'supervisor.getMany': supervisors,
  'supervisor.resume': order('/resume'),
  'supervisor.submit': submit,
  'supervisor.suspend': order('/suspend'),
  'supervisor.terminate': order('/terminate'),
};
