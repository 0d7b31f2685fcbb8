import { exampleOf } from './example.ts';
import type { JsonSchema } from './json-schema.ts';

const none = (): JsonSchema => ({});
const text: JsonSchema = { type: 'string', minLength: 1, maxLength: 60 };
const money: JsonSchema = {
  type: 'object',
  properties: { amount: { type: 'integer', minimum: 1 }, currency: { type: 'string', pattern: '^[A-Z]{3}$' } },
};

test('members get values that a person would write there', () => {
  const topUp: JsonSchema = {
    type: 'object',
    properties: {
      ownerId: { type: 'string', pattern: '^[\\w:-]{1,60}$' },
      amount: money,
      reference: text,
      tags: { type: 'array', items: text },
    },
  };
  expect(exampleOf(topUp, none)).toEqual({
    ownerId: 'cus_01976f3e8c2a7b549a103f5d2c7e8b61',
    amount: { amount: 1_450, currency: 'EUR' },
    reference: 'order-1007',
    tags: ['vip'],
  });
  expect(exampleOf({ type: 'string' }, none, 'sku')).toBe('MUG-BLUE');
});

test('a value that the schema does not take is not used: bounds and patterns come first', () => {
  expect(exampleOf({ type: 'integer', minimum: 2, maximum: 9 }, none, 'amount')).toBe(9);
  expect(exampleOf({ type: 'string', maxLength: 4 }, none, 'reference')).toBe('text');
  expect(exampleOf({ type: 'string', pattern: '^ord_[0-9a-f]{32}$' }, none, 'reference')).toMatch(/^ord_[0-9a-f]{32}$/);
  expect(exampleOf({ type: 'string', examples: ['its own'] }, none, 'sku')).toBe('its own');
});
