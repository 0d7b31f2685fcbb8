import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import type { SealedEntry } from '../policy.ts';
import { SEALED } from './trail.ts';

export interface EntryFilter {
  caller?: string | undefined;
  kind?: 'key' | 'service' | 'customer' | 'guest' | 'anonymous' | undefined;
  operation?: string | undefined;
  domain?: string | undefined;
  resource?: string | undefined;
  outcome?: 'done' | 'refused' | undefined;
  workflowId?: string | undefined;
  executionId?: string | undefined;
  correlationId?: string | undefined;
  from?: string | undefined;
  until?: string | undefined;
  limit: number;
}

const ENTRY = columns(SEALED, 'e');

const KINDS = {
  key: `e.caller LIKE 'key:%' AND e.caller <> 'key:service'`,
  service: `e.caller IN ('key:service', 'service:audit')`,
  customer: `e.caller LIKE 'customer:%' AND NOT e.guest`,
  guest: 'e.guest',
  anonymous: `e.caller LIKE 'anonymous:%'`,
} as const;

/** Conditions of a filter; each gets the number of its value. */
const CONDITIONS = {
  caller: (value: string) => `e.caller = ${value}`,
  operation: (value: string) => `e.operation = ${value}`,
  domain: (value: string) => `split_part(e.operation, '.', 1) = ${value}`,
  resource: (value: string) => `e.resource = ${value}`,
  workflowId: (value: string) => `e.workflow_id = ${value}`,
  executionId: (value: string) => `e.execution_id = ${value}`,
  correlationId: (value: string) => `e.correlation_id = ${value}`,
  from: (value: string) => `e.at >= ${value}::timestamptz`,
  until: (value: string) => `e.at < ${value}::timestamptz`,
} as const;

/** Newest first; one page and one row more. */
export const listEntries = (db: Queryable, filter: EntryFilter, before?: number): Promise<SealedEntry[]> => {
  const values: (string | number)[] = [filter.limit + 1];
  const bind = (value: string | number): string => `$${values.push(value)}`;
  const conditions = [
    'e.position > t.start_position',
    ...(before === undefined ? [] : [`e.position < ${bind(before)}`]),
    ...Object.entries(CONDITIONS).flatMap(([name, condition]) => {
      const value = filter[name as keyof typeof CONDITIONS];
      return value === undefined ? [] : [condition(bind(value))];
    }),
    ...(filter.kind === undefined ? [] : [KINDS[filter.kind]]),
    ...(filter.outcome === undefined ? [] : [`e.refusal IS ${filter.outcome === 'done' ? '' : 'NOT '}NULL`]),
  ];
  return db.rows<SealedEntry>(
    `SELECT ${ENTRY} FROM audit_entry e JOIN audit_trail t ON t.id = 1
     WHERE ${conditions.join(' AND ')} ORDER BY e.position DESC LIMIT $1`,
    values,
  );
};

export const findEntry = (db: Queryable, id: string): Promise<SealedEntry | undefined> =>
  db.maybeOne<SealedEntry>(`SELECT ${ENTRY} FROM audit_entry e WHERE e.id = $1`, [id]);
