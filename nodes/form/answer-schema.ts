/** Output schemas as n8n's editor reads them: an item's fields before the first run. Build time only. */
import type { Face } from './face.ts';
import { placedOperations } from './selectors.ts';
import { mapValues, outputSchema, unwrapped, type JsonSchema } from './json-schema.ts';

interface AnswerSchema {
  type: string;
  version?: number;
  properties?: Record<string, AnswerSchema>;
  items?: AnswerSchema;
}
export type AnswerSchemas = Record<string, AnswerSchema>;

export const answerSchemas = (face: Face): AnswerSchemas =>
  Object.fromEntries(
    placedOperations(face).map(({ resource, value, declared }) => {
      const whole = outputSchema(declared);
      const items = whole.properties?.['items'];
      const item = items?.type === 'array' && items.items ? items.items : whole;
      return [`${resource}/${value}`, { ...plain(item), version: 1 }];
    }),
  );

/** Type, properties and items only; of null and something, something. */
const plain = (declared: JsonSchema): AnswerSchema => {
  const { schema } = unwrapped(declared);
  const type = schema.type ?? (schema.anyOf ? (schema.anyOf[0]?.type ?? 'string') : 'object');
  return {
    type,
    ...(schema.properties && { properties: mapValues(schema.properties, plain) }),
    ...(schema.items && { items: plain(schema.items) }),
  };
};
