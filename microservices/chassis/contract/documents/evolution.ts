import type { AsyncApiDocument } from './async-api.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import { AUDIENCES, documentLookup, listOperations, type Listed } from './listed-operations.ts';
import type { OpenApiDocument } from './open-api.ts';
import { schemaChanges, type Change, type Lookup } from './schema-changes.ts';

export type { Change } from './schema-changes.ts';

/**
 * Changes of the present API that would break a client, a saved workflow or an n8n node made for the released one.
 * Empty when everything that worked still works.
 */
export const brokenOperations = (released: OpenApiDocument, present: OpenApiDocument): Change[] => {
  const lookup: Lookup = { before: documentLookup(released), after: documentLookup(present) };
  const now = new Map(listOperations(present).map((operation) => [operation.operationId, operation]));
  return listOperations(released).flatMap((before) => {
    const after = now.get(before.operationId);
    if (!after) return [{ where: before.operationId, what: 'the operation was removed' }];
    return operationChanges(before, after, lookup);
  });
};

const operationChanges = (before: Listed, after: Listed, lookup: Lookup): Change[] => {
  const where = before.operationId;
  const changed = (what: string, from: string, to: string): Change[] =>
    from === to ? [] : [{ where, what: `${what} changed from ${from} to ${to}` }];
  return [
    ...changed('the address', `${before.method} ${before.path}`, `${after.method} ${after.path}`),
    ...changed('the scope', before.scope, after.scope),
    ...(AUDIENCES.indexOf(after.audience) < AUDIENCES.indexOf(before.audience)
      ? [{ where, what: `it was for ${before.audience} and is now for ${after.audience} only` }]
      : []),
    ...(before.idempotent && !after.idempotent ? [{ where, what: 'it no longer takes an Idempotency-Key' }] : []),
    ...changed(
      'the body’s media type',
      before.body?.mediaType ?? 'none',
      after.body?.mediaType ?? before.body?.mediaType ?? 'none',
    ),
    ...schemaChanges(inputOf(before, lookup.before), inputOf(after, lookup.after), 'input', `${where} input`, lookup),
    ...answerChanges(before, after, lookup),
    ...failureChanges(before, after),
  ];
};

/** Parameters and body together, as a caller fills them in: where a field travels is part of the address. */
const inputOf = ({ parameters, body }: Listed, resolve: Lookup['before']): JsonSchema => {
  const ofBody = body?.schema.$ref ? resolve(body.schema.$ref) : body?.schema;
  return {
    type: 'object',
    properties: { ...Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])), ...ofBody?.properties },
    required: [...parameters.filter(({ required }) => required).map(({ name }) => name), ...(ofBody?.required ?? [])],
  };
};

const answerOf = ({ responses }: Listed) => responses.find(({ status }) => Number(status) < 400);

const answerChanges = (before: Listed, after: Listed, lookup: Lookup): Change[] => {
  const [was, is] = [answerOf(before), answerOf(after)];
  if (!was?.schema) return [];
  const where = `${before.operationId} answer`;
  if (!is?.schema) return [{ where, what: 'there is none any more' }];
  return [
    ...(was.status === is.status ? [] : [{ where, what: `its status changed from ${was.status} to ${is.status}` }]),
    ...schemaChanges(was.schema, is.schema, 'output', where, lookup),
  ];
};

/** Codes may come and go; one that stays must keep its status, by which callers sort failures. */
const failureChanges = (before: Listed, after: Listed): Change[] => {
  const now = new Map(codesOf(after));
  return codesOf(before).flatMap(([code, status]) => {
    const present = now.get(code);
    if (present === undefined || present === status) return [];
    return [{ where: before.operationId, what: `the failure ${code} changed its status from ${status} to ${present}` }];
  });
};

const codesOf = ({ responses }: Listed): [string, string][] =>
  responses.flatMap(({ status, description }) =>
    [...description.matchAll(/^`([A-Z_]+)`: /gm)].map(([, code]): [string, string] => [code ?? '', status]),
  );

/** Changes of the present events that would break a consumer made for the released ones. */
export const brokenEvents = (released: AsyncApiDocument, present: AsyncApiDocument): Change[] => {
  const lookup: Lookup = { before: documentLookup(released), after: documentLookup(present) };
  const topicNow = topics(present);
  return [...topics(released)].flatMap(([type, topic]) => {
    const message = present.components.messages[type];
    if (!message) return [{ where: type, what: 'the event was removed' }];
    const moved =
      topicNow.get(type) === topic
        ? []
        : [{ where: type, what: `its topic changed from ${topic} to ${topicNow.get(type) ?? 'none'}` }];
    const was = released.components.messages[type];
    return [...moved, ...(was ? schemaChanges(was.payload, message.payload, 'output', `${type} payload`, lookup) : [])];
  });
};

const topics = (document: AsyncApiDocument): Map<string, string> =>
  new Map(
    Object.values(document.channels).flatMap(({ address, messages }) =>
      Object.keys(messages).map((type) => [type, address] as const),
    ),
  );
