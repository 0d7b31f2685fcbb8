/** The events of contracts as plain data for the trigger. Build time only. */
import { topicOf, type Contract, type EventDeclaration } from '../../microservices/chassis/contract/index.ts';
import { exampleOf } from '../../microservices/chassis/contract/schema/example.ts';
import { outputSchema } from '../../microservices/chassis/contract/schema/json-schema.ts';
import type { EventFamily, EventType } from '../run/event-types.ts';
import { dataSchema } from './data-schema.ts';

type Declared = [type: string, declaration: EventDeclaration, contract: Contract];

const declaredIn = (contracts: readonly Contract[]): Declared[] =>
  contracts.flatMap((contract) =>
    Object.entries(contract.events).map(([type, declaration]): Declared => [type, declaration, contract]),
  );

const placeOf = (contract: Contract) => ({ topic: topicOf(contract), source: `/${contract.domain}` });

/** Every event type that a contract declares by its own name. */
export const eventTypesOf = (contracts: readonly Contract[]): Record<string, EventType> =>
  Object.fromEntries(
    declaredIn(contracts)
      .filter(([, { family }]) => !family)
      .map(([type, { aggregate, payload }, contract]) => [
        type,
        { ...placeOf(contract), aggregate, schema: dataSchema(payload), sample: sampleOf(type, payload) },
      ]),
  );

/** Every family of events (`custom.…`), by the first part of their names. */
export const eventFamiliesOf = (contracts: readonly Contract[]): Record<string, EventFamily> =>
  Object.fromEntries(
    declaredIn(contracts)
      .filter(([, { family }]) => family)
      .map(([name, , contract]) => [name, placeOf(contract)]),
  );

const sampleOf = (type: string, payload: EventDeclaration['payload']): Record<string, unknown> =>
  exampleOf(outputSchema(payload), (reference) => {
    throw new Error(`The schema of ${type} refers to ${reference}, which is not in it`);
  }) as Record<string, unknown>;

/** The options of Event Types, sorted by title. */
export const eventTypeOptionsOf = (contracts: readonly Contract[]) =>
  declaredIn(contracts)
    .filter(([, { family }]) => !family)
    .toSorted(([, left], [, right]) => left.title.localeCompare(right.title, 'en'))
    .map(([type, { title, description }]) => ({
      name: `${titleCase(title)} (${type})`,
      value: type,
      description: described(description),
    }));

const titleCase = (title: string): string => title.replace(/\b[a-z](?=[a-z]{2})/g, (letter) => letter.toUpperCase());

/** As n8n wants it: one sentence without a full stop, several with; "ID" in capitals. */
const described = (description: string): string => {
  const text = description.replace(/\bid\b/g, 'ID');
  return text.includes('. ') ? text : text.replace(/\.$/, '');
};
