import type { IDataObject } from 'n8n-workflow';
import { StoreError } from '../datastore/error.ts';
import { limitOf, optionOf, parsed, queryOf, rowsIn } from '../datastore/read.ts';
import { SQL_PATH } from './error-messages.ts';
import type { OperationName } from './form-parts.ts';
import { parameterJson, TYPES, type ParameterType } from './parameters.ts';
import { resume, status, submit, supervisors, suspend, terminate } from './supervisors.ts';
import { ask } from './transport.ts';
import { chosen, type Operation, type Work } from './work.ts';

const option = ({ parameter }: Work, name: string): unknown => optionOf(parameter, name);

interface Query {
  text: string;
  /** Each as JSON. */
  parameters: string[];
}

/** Rows of a query, no more than wanted. The limit goes beside the query, so that its text stays what it is. */
const queried = async (work: Work, { text, parameters }: Query): Promise<IDataObject[]> => {
  const seconds = Math.max(1, Number(option(work, 'timeout') ?? 60));
  const limit = limitOf(work.parameter);
  const context = {
    ...contextOf(work),
    timeout: seconds * 1_000,
    ...(limit !== undefined && { sqlOuterLimit: limit }),
  };
  const head = JSON.stringify({ query: text, resultFormat: 'object', context });
  const answer = await ask(work.context, {
    method: 'POST',
    path: SQL_PATH,
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

const executeQuery: Operation = async (work) => {
  const text = queryOf(work.parameter, 'Write one SQL query, with a ? for each value.');
  const zone = work.context.getTimezone();
  const parameters = rowsIn(work.parameter, 'parameters', 'parameter').map(({ type, value }, index) =>
    parameterJson(typeOf(type), value, index + 1, zone),
  );
  return queried(work, { text, parameters });
};

const typeOf = (type: unknown): ParameterType => TYPES.find((one) => one === type) ?? 'VARCHAR';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const dataSourceRows: Operation = async (work) => {
  const name = chosen(work, 'dataSource', 'data source');
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

export const OPERATIONS: Record<OperationName, Operation> = {
  'dataSource.getMany': dataSources,
  'dataSource.getRows': dataSourceRows,
  'query.execute': executeQuery,
  'supervisor.get': status,
  'supervisor.getMany': supervisors,
  'supervisor.resume': resume,
  'supervisor.submit': submit,
  'supervisor.suspend': suspend,
  'supervisor.terminate': terminate,
};
