/** Output schemas as n8n's editor reads them: an item's fields before the first run. Build time only. */
import { besideOperation } from './beside.ts';
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
    placedOperations(face).map(({ resource, value, declared, face: { with: beside } }) => {
      const whole = outputSchema(declared);
      const items = whole.properties?.['items'];
      const item = items?.type === 'array' && items.items ? items.items : whole;
      const schema = plain(item);
      const added = beside && { [beside.as]: plain(outputSchema(besideOperation(beside))) };
      return [
        `${resource}/${value}`,
        { ...schema, ...(added && { properties: { ...schema.properties, ...added } }), version: 1 },
      ];
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
