import type { EventFilter } from '../../microservices/chassis/contract/event-filter.ts';
import { schemaFault, type DataSchema } from '../run/data-schema.ts';
import { conditionSchemas, fieldRule, filterSchema } from './derived.ts';
import { statedFilter, type Parameters, type StatedCondition } from './filter-form.ts';

/** Reads the fields of a filter; null without conditions. Throws an Error in plain words for an invalid one. */
export const filterOf = (parameter: Parameters): EventFilter | null => {
  const stated = statedFilter(parameter);
  if (stated === null) return null;
  stated.conditions.forEach((condition, index) => {
    const fault = conditionFault(condition);
    if (fault !== undefined) throw new Error(`Condition ${index + 1} is invalid: ${fault}.`);
  });
  const fault = schemaFault(stated, filterSchema);
  if (fault) throw new Error(`The filter is invalid: ${fault.path.join('.')}: ${fault.message}.`);
  // Just checked against the schema of the contract.
  return stated as EventFilter;
};

const conditionFault = (condition: StatedCondition): string | undefined => {
  const schema = conditionSchemas.find(({ properties }) => takes(properties?.['operator'], condition.operator));
  if (!schema) return `there is no operator ${condition.operator}`;
  const fault = schemaFault(condition, schema);
  if (!fault) return undefined;
  const [place] = fault.path;
  return place === 'field' ? fieldRule : `${String(place)}: ${fault.message}`;
};

const takes = (schema: DataSchema | undefined, operator: string): boolean =>
  schema !== undefined && schemaFault(operator, schema) === undefined;
