import { declarationOf, topicOf, type Contract, type EventDeclaration } from '../../chassis/contract/index.ts';
import { exampleOf } from '../../chassis/contract/schema/example.ts';
import { outputSchema, type JsonSchema } from '../../chassis/contract/schema/json-schema.ts';
import { REPLAYED } from '../../chassis/events/replay.ts';
import { newUuid } from '../../chassis/ids.ts';
import type { ListedType, ReceivedEvent } from '../contract/values.ts';

/** A type of event with its declaration and the contract that declares it. */
export interface KnownType {
  type: string;
  contract: Contract;
  declared: EventDeclaration;
}

/** The type of this name, declared itself or as one of a family; undefined when no contract declares it. */
export const findType = (contracts: readonly Contract[], type: string): KnownType | undefined => {
  for (const contract of contracts) {
    const declared = declarationOf(contract, type);
    if (declared) return { type, contract, declared };
  }
  return undefined;
};

/** Every type declared by its own name. */
export const declaredTypes = (contracts: readonly Contract[]): KnownType[] =>
  contracts.flatMap((contract) =>
    Object.entries(contract.events)
      .filter(([, declared]) => !declared.family)
      .map(([type, declared]) => ({ type, contract, declared })),
  );

/** The topics of these event types and of replays, each once. */
export const topicsOf = (contracts: readonly Contract[], types: readonly string[]): string[] => [
  ...new Set(
    [...types, REPLAYED].flatMap((type) => {
      const known = findType(contracts, type);
      return known ? [topicOf(known.contract)] : [];
    }),
  ),
];

/** The consumer group of a subscription. */
export const groupOf = (subscriptionId: string): string => `push-${subscriptionId}`;

/** A type in the form of the contract, with the JSON Schema of its data. */
export const listed = ({ type, contract, declared }: KnownType): ListedType => ({
  type,
  title: declared.family ? `${declared.title}: ${type}` : declared.title,
  description: declared.description,
  domain: contract.domain,
  topic: topicOf(contract),
  aggregate: declared.aggregate,
  custom: declared.family ?? false,
  schema: { ...schemaOf(declared) },
});

const schemas = new WeakMap<EventDeclaration, JsonSchema>();

const schemaOf = (declared: EventDeclaration): JsonSchema => {
  const known = schemas.get(declared);
  if (known) return known;
  const schema = outputSchema(declared.payload);
  schemas.set(declared, schema);
  return schema;
};

const PREFIXED_ID = /^[a-z]+_[0-9a-f]{32}$/;

/** A sample event of a type in the form of a real one; its data is the contract's example. */
export const sampleOf = ({ type, contract, declared }: KnownType, now: Date): ReceivedEvent => {
  const data =
    declared.example ??
    exampleOf(schemaOf(declared), (reference) => {
      throw new Error(`The schema of ${type} refers to ${reference}, which is not in it`);
    });
  const subject = subjectIn(data) ?? 'sample';
  const id = newUuid();
  return {
    id,
    type,
    source: `/${contract.domain}`,
    subject,
    time: now.toISOString(),
    sequence: 1,
    correlationid: id,
    data,
    kafka: { topic: topicOf(contract), partition: 0, offset: '0', key: subject, timestamp: now.toISOString() },
  };
};

/** The subject is usually the first identifier in the data. */
const subjectIn = (data: unknown): string | undefined =>
  Object.values(data as object).find((value): value is string => typeof value === 'string' && PREFIXED_ID.test(value));
