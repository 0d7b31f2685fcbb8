// Computed from the contracts when the package is built, and put into the nodes as plain data (infra/n8n-package).
import { allContracts } from '../../ai/contracts.ts';
import { eventFilter, filterCondition } from '../../microservices/chassis/contract/event-filter-schema.ts';
import { dataSchema } from '../form/data-schema.ts';
import { eventFamiliesOf, eventTypeOptionsOf, eventTypesOf } from '../form/event-types.ts';

/** The options of Event Types. */
export const eventTypeOptions = eventTypeOptionsOf(allContracts);

export const eventTypes = eventTypesOf(allContracts);
export const eventFamilies = eventFamiliesOf(allContracts);

const { combine, conditions } = dataSchema(eventFilter).properties ?? {};

/** A filter without its conditions, each of which has the schema of its operator. */
export const filterSchema = { properties: { combine: { ...combine }, conditions: { ...conditions, items: {} } } };

export const conditionSchemas = dataSchema(filterCondition).anyOf ?? [];

/** The contract's message for an invalid field. */
export const fieldRule =
  filterCondition.safeParse({ field: '', operator: 'exists', value: true }).error?.issues[0]?.message ?? '';
