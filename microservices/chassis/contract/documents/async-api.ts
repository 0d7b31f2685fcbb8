import { declarationOf, topicOf, type Contract, type EventDeclaration } from '../index.ts';
import { namedSchemas, outputSchema, type JsonSchema, type NamedSchema } from '../schema/json-schema.ts';

interface Reference {
  $ref: string;
}

export interface AsyncApiMessage {
  name: string;
  title: string;
  summary: string;
  contentType: string;
  tags: { name: string }[];
  headers: JsonSchema;
  payload: Reference;
  examples?: { payload: object }[];
  bindings: { kafka: { key: JsonSchema; bindingVersion: string } };
}

export interface AsyncApiDocument {
  asyncapi: '3.0.0';
  info: {
    title: string;
    version: string;
    description: string;
    license: { name: string };
    tags: { name: string; description: string }[];
  };
  defaultContentType: string;
  channels: Record<
    string,
    {
      address: string;
      title: string;
      description: string;
      messages: Record<string, Reference>;
      bindings: { kafka: { topic: string; bindingVersion: string } };
    }
  >;
  operations: Record<
    string,
    { action: 'send'; title: string; summary: string; channel: Reference; messages: Reference[] }
  >;
  components: { messages: Record<string, AsyncApiMessage>; schemas: Record<string, JsonSchema> };
}

const BINDING_VERSION = '0.5.0';

/** The AsyncAPI 3.0 document of these contracts: one channel a topic, one message an event, CloudEvents headers. */
export const asyncApiOf = (
  contracts: readonly Contract[],
  info: { title: string; version: string },
): AsyncApiDocument => {
  const speaking = contracts.filter(({ events }) => Object.keys(events).length > 0);
  const named = namedSchemas(speaking.map((contract) => ({ ...contract, operations: {} })));
  return {
    asyncapi: '3.0.0',
    info: {
      ...info,
      description: INTRODUCTION,
      license: { name: 'MIT' },
      tags: speaking.map(({ title, description }) => ({ name: title, description })),
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(speaking.map((contract) => [topicOf(contract), channelOf(contract)])),
    operations: Object.fromEntries(speaking.map((contract) => [`${contract.domain}.publish`, operationOf(contract)])),
    components: {
      messages: Object.fromEntries(
        eventsOf(speaking).map(({ contract, type, declared }) => [type, messageOf(contract, type, declared)]),
      ),
      schemas: schemasOf(speaking, named),
    },
  };
};

/** One event's payload as a JSON Schema that stands alone; undefined when no contract declares the event. */
export const eventSchema = (contracts: readonly Contract[], type: string): object | undefined => {
  const declared = contracts.map((contract) => declarationOf(contract, type)).find((found) => found !== undefined);
  if (!declared) return undefined;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `/events/schemas/${type}`,
    ...outputSchema(declared.payload),
    title: declared.title,
    description: declared.description,
  };
};

const INTRODUCTION = [
  'What the platform says on Kafka: every change of state is an event, published at least once, in order per aggregate.',
  'Events are CloudEvents 1.0 in the binary Kafka binding: attributes in `ce_` headers, JSON in the value, the aggregate’s id as key.',
  'Remember `ce_id` and act once; follow a story by `ce_correlationid`; `ce_sequence` counts an aggregate’s events without gaps.',
].join(' ');

const eventsOf = (contracts: readonly Contract[]): { contract: Contract; type: string; declared: EventDeclaration }[] =>
  contracts.flatMap((contract) =>
    Object.entries(contract.events).map(([type, declared]) => ({ contract, type, declared })),
  );

const channelOf = (contract: Contract) => ({
  address: topicOf(contract),
  title: contract.title,
  description: contract.description,
  messages: Object.fromEntries(
    Object.keys(contract.events).map((type) => [type, { $ref: `#/components/messages/${type}` }]),
  ),
  bindings: { kafka: { topic: topicOf(contract), bindingVersion: BINDING_VERSION } },
});

const operationOf = (contract: Contract) => ({
  action: 'send' as const,
  title: `${contract.title}: events`,
  summary: `The platform publishes what happens in ${contract.domain}.`,
  channel: { $ref: `#/channels/${topicOf(contract)}` },
  messages: Object.keys(contract.events).map((type) => ({ $ref: `#/channels/${topicOf(contract)}/messages/${type}` })),
});

const messageOf = (contract: Contract, type: string, declared: EventDeclaration): AsyncApiMessage => ({
  name: type,
  title: declared.title,
  summary: declared.description,
  contentType: 'application/json',
  tags: [{ name: contract.title }],
  headers: headersOf(contract, type, declared),
  payload: { $ref: `#/components/schemas/${type}` },
  ...(declared.example !== undefined && { examples: [{ payload: declared.example as object }] }),
  bindings: {
    kafka: { key: { type: 'string', description: `Id of the ${declared.aggregate}` }, bindingVersion: BINDING_VERSION },
  },
});

/** The headers that events/envelope.ts writes. */
const headersOf = (contract: Contract, type: string, { family }: EventDeclaration): JsonSchema => ({
  type: 'object',
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: { type: 'string', format: 'uuid', description: 'Unique for ever: what consumers remember' },
    ce_type: family
      ? { type: 'string', pattern: `^${type}\\.`, examples: [`${type}.example`] }
      : { type: 'string', const: type },
    ce_source: { type: 'string', const: `/${contract.domain}` },
    ce_subject: { type: 'string', description: 'Id of what the event is about; also the Kafka key' },
    ce_time: { type: 'string', format: 'date-time', description: 'When it happened' },
    ce_dataschema: family
      ? { type: 'string', pattern: `^/events/schemas/${type}\\.`, examples: [`/events/schemas/${type}.example`] }
      : { type: 'string', const: `/events/schemas/${type}` },
    ce_sequence: { type: 'string', pattern: '^[0-9]+$', description: '1, 2, 3 … per aggregate, without gaps' },
    ce_correlationid: { type: 'string', description: 'The same for all that one action set off' },
    ce_causationid: { type: 'string', description: 'The event or request that directly caused this one' },
    ce_traceparent: { type: 'string', description: 'W3C trace context' },
  },
  required: [
    'ce_specversion',
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_subject',
    'ce_time',
    'ce_dataschema',
    'ce_sequence',
    'ce_correlationid',
  ],
});

const schemasOf = (contracts: readonly Contract[], named: readonly NamedSchema[]): Record<string, JsonSchema> => ({
  ...Object.fromEntries(
    named.map(({ name, schema }) => [
      name,
      outputSchema(
        schema,
        named.filter((other) => other.name !== name),
      ),
    ]),
  ),
  ...Object.fromEntries(eventsOf(contracts).map(({ type, declared }) => [type, outputSchema(declared.payload, named)])),
});
