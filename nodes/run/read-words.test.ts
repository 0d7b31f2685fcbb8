import fc from 'fast-check';
import { Liquid } from 'liquidjs';
import { asLiquid, readMapped } from './read-words.ts';

const liquid = new Liquid();
const written = (value: string, raw: string): string =>
  String(liquid.parseAndRenderSync(String(asLiquid({ value, raw })), { name: 'Ada' }));

test('what an expression gives is text, whatever placeholders it holds', () => {
  const brackets = fc.array(fc.constantFrom('{', '%', '}', '-', "'", 'name', ' ', '{{ name }}', '{% raw %}'));
  fc.assert(
    fc.property(
      fc.oneof(
        brackets.map((parts) => parts.join('')),
        fc.string(),
      ),
      (value) => {
        expect(written(value, '={{ $json.note }}')).toBe(value);
      },
    ),
  );
});

test('what is written on the canvas has its placeholders filled in', () => {
  expect(written('Hello {{ name }}', 'Hello {{ name }}')).toBe('Hello Ada');
});

test('mapped values lie at their paths; null is not given; a list may come as JSON', () => {
  const value = { 'order.number': 'FC-1', 'order.lines': '[1]', years: 2, voucher: null };
  const schema = [{ id: 'order.lines', type: 'array' }];
  const read = (given: unknown) =>
    readMapped(given, (text) => (typeof text === 'string' ? JSON.parse(text) : text) as unknown);
  expect(read({ mappingMode: 'defineBelow', value, schema })).toEqual({
    order: { number: 'FC-1', lines: [1] },
    years: 2,
  });
  expect(read({ mappingMode: 'defineBelow', value: null, schema: [] })).toBeUndefined();
  expect(read('{"a": 1}')).toEqual({ a: 1 });
});
