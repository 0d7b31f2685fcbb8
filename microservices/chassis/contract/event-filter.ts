/**
 * Filters of events without Zod, which is not in the bundles of n8n's nodes: event-filter-schema.ts checks a filter.
 */

/** An event as filters, receivers and journeys see it: CloudEvents attributes beside `data`. */
export interface FilterableEvent {
  id: string;
  type: string;
  source: string;
  subject: string;
  time: string;
  sequence: number;
  correlationid: string;
  causationid?: string | undefined;
  data: unknown;
}

type Scalar = string | number | boolean | null;

/** One condition on one field. Text and numbers are never converted into one another: "5" is not 5. */
export type FilterCondition = { field: string } & (
  | { operator: 'equals' | 'notEquals' | 'contains' | 'notContains'; value: Scalar }
  | { operator: Comparison; value: number | string }
  | { operator: 'in' | 'notIn'; value: Scalar[] }
  | { operator: 'startsWith' | 'endsWith'; value: string }
  | { operator: 'exists'; value: boolean }
);

/** The events that are wanted: conditions that must all hold, or of which any one must. */
export interface EventFilter {
  combine: 'all' | 'any';
  conditions: FilterCondition[];
}

/** True for a wanted event; without a filter every event is wanted. Never throws, whatever `data` holds. */
export const matchesFilter = (filter: EventFilter | null | undefined, event: FilterableEvent): boolean => {
  if (!filter) return true;
  const holds = (condition: FilterCondition): boolean => conditionHolds(condition, event);
  return filter.combine === 'all' ? filter.conditions.every(holds) : filter.conditions.some(holds);
};

/**
 * A path may meet several values (`*`) or none. A positive condition holds when any of them satisfies it; its negation
 * when none does, so that `x` and `not x` never hold together and one of them always does.
 */
const conditionHolds = (condition: FilterCondition, event: FilterableEvent): boolean => {
  const found = valuesAt(event, condition.field.split('.'));
  switch (condition.operator) {
    case 'equals':
      return found.includes(condition.value);
    case 'notEquals':
      return !found.includes(condition.value);
    case 'in':
      return condition.value.some((wanted) => found.includes(wanted));
    case 'notIn':
      return !condition.value.some((wanted) => found.includes(wanted));
    case 'contains':
      return found.some((value) => holdsInside(value, condition.value));
    case 'notContains':
      return !found.some((value) => holdsInside(value, condition.value));
    case 'startsWith':
      return found.some((value) => typeof value === 'string' && value.startsWith(condition.value));
    case 'endsWith':
      return found.some((value) => typeof value === 'string' && value.endsWith(condition.value));
    case 'exists':
      return found.length > 0 === condition.value;
    default:
      return found.some((value) => isOrdered(value, condition.operator, condition.value));
  }
};

/** The values at a path; only own properties count, so that no path reaches what objects inherit. */
const valuesAt = (root: unknown, path: readonly string[]): unknown[] =>
  path.reduce<unknown[]>((values, name) => values.flatMap((value) => step(value, name)), [root]);

const step = (value: unknown, name: string): unknown[] => {
  if (typeof value !== 'object' || value === null) return [];
  if (name === '*') return Array.isArray(value) ? (value as unknown[]) : Object.values(value);
  const inner: unknown = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  return inner === undefined ? [] : [inner];
};

const holdsInside = (value: unknown, part: Scalar): boolean =>
  typeof value === 'string'
    ? typeof part === 'string' && value.includes(part)
    : Array.isArray(value) && value.includes(part);

type Comparison = 'greaterThan' | 'greaterOrEqual' | 'lessThan' | 'lessOrEqual';

/** Numbers with numbers, texts with texts (so moments in ISO 8601 work); anything else is in no order. */
const isOrdered = (value: unknown, operator: Comparison, limit: number | string): boolean => {
  if (typeof value !== typeof limit) return false;
  const ordered = value as number | string;
  switch (operator) {
    case 'greaterThan':
      return ordered > limit;
    case 'greaterOrEqual':
      return ordered >= limit;
    case 'lessThan':
      return ordered < limit;
    case 'lessOrEqual':
      return ordered <= limit;
  }
};
