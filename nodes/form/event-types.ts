/** The events of contracts as plain data for the trigger. Build time only. */
import { topicOf, type Contract, type EventDeclaration } from '../../microservices/chassis/contract/index.ts';
import { exampleOf } from '../../microservices/chassis/contract/schema/example.ts';
import { outputSchema } from '../../microservices/chassis/contract/schema/json-schema.ts';
import type { EventFamily, EventType } from '../run/event-types.ts';
import { dataSchema } from './data-schema.ts';
import { titleCase } from './labels.ts';

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
      .map(([type, declaration, contract]) => [
        type,
        {
          ...placeOf(contract),
          aggregate: declaration.aggregate,
          schema: dataSchema(declaration.payload),
          sample: sampleOf(type, declaration),
        },
      ]),
  );

/** Every family of events (`custom.…`), by the first part of their names. */
export const eventFamiliesOf = (contracts: readonly Contract[]): Record<string, EventFamily> =>
  Object.fromEntries(
    declaredIn(contracts)
      .filter(([, { family }]) => family)
      .map(([name, , contract]) => [name, placeOf(contract)]),
  );

/** The contract's example, or one made from the schema where it has none. */
const sampleOf = (type: string, { payload, example }: EventDeclaration): Record<string, unknown> =>
  (example ??
    exampleOf(outputSchema(payload), (reference) => {
      throw new Error(`The schema of ${type} refers to ${reference}, which is not in it`);
    })) as Record<string, unknown>;

/** The options of Event Types: "Order · Confirmed", by the word of the domain, those for technical people last. */
export const eventTypeOptionsOf = (contracts: readonly Contract[]) =>
  declaredIn(contracts)
    .filter(([, { family }]) => !family)
    .map(([type, declaration, contract]) => ({
      name: eventName(declaration, contract),
      value: type,
      description: described(`${declaration.description} Type: ${type}.`),
      technical: declaration.technical ?? false,
    }))
    .toSorted(
      (left, right) => Number(left.technical) - Number(right.technical) || left.name.localeCompare(right.name, 'en'),
    )
    .map(({ technical: _, ...option }) => option);

/** "Order confirmed" of the orders is "Order · Confirmed", "Refund issued" is "Order · Refund Issued". */
const eventName = ({ title, group, technical }: EventDeclaration, contract: Contract): string => {
  const noun = group ?? contract.noun ?? contract.title;
  const rest = title.toLowerCase().startsWith(`${noun.toLowerCase()} `) ? title.slice(noun.length + 1) : title;
  const name = `${noun} · ${titleCase(rest)}`;
  return technical ? `Technical · ${titleCase(title)}` : name;
};

/** As n8n wants it: one sentence without a full stop, several with; "ID" in capitals. */
const described = (description: string): string => {
  const text = description.replace(/\bid(s?)\b/g, 'ID$1');
  return text.includes('. ') ? text : text.replace(/\.$/, '');
};
