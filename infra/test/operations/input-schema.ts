import { z } from 'zod';
import type { Operation } from '../../../microservices/chassis/contract/index.ts';
import type { JsonSchema } from '../../../microservices/chassis/contract/schema/json-schema.ts';

const known = new WeakMap<Operation, JsonSchema>();

/** The JSON Schema of an operation's input, made once: it takes longer than a request. */
export const inputSchemaOf = (declared: Operation): JsonSchema => {
  const schema =
    known.get(declared) ?? (z.toJSONSchema(declared.input, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
  known.set(declared, schema);
  return schema;
};
