import { eventFilter, type EventFilter } from '../../microservices/chassis/contract/event-filter.ts';
import { statedFilter, type Parameters } from './filter-form.ts';

/** Reads the fields of a filter; null without conditions. Throws an Error in words when one makes no sense. */
export const filterOf = (parameter: Parameters): EventFilter | null => {
  const stated = statedFilter(parameter);
  if (stated === null) return null;
  const parsed = eventFilter.safeParse(stated);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path[0] === 'conditions' ? `Condition ${Number(issue.path[1]) + 1}` : 'The filter';
  throw new Error(`${place} makes no sense: ${issue?.message ?? parsed.error.message}.`);
};
