import type { Condition } from '../contract/collection-values.ts';
import type { AttributeDefinition } from '../contract/shapes.ts';
import { conditionProblems } from './collection-conditions.ts';

const attribute = (code: string, type: AttributeDefinition['type'], options: string[] = []): AttributeDefinition => ({
  code,
  title: { en: code },
  type,
  options,
  facet: false,
  version: 1,
});

const reference = {
  attributes: new Map(
    [
      attribute('colour', 'choice', ['red', 'blue']),
      attribute('litres', 'number'),
      attribute('washable', 'boolean'),
      attribute('released', 'date'),
    ].map((each) => [each.code, each]),
  ),
  categoryIds: new Set(['cat_1']),
};

const problems = (...conditions: Condition[]): string[] => conditionProblems(conditions, reference);

test.each<[string, Condition]>([
  ['brands', { field: 'brand', operator: 'is_not', values: ['Hella', 'Glasmann'] }],
  ['a category', { field: 'category', operator: 'is', values: ['cat_1'] }],
  ['a choice', { field: 'attribute', attribute: 'colour', operator: 'is', values: ['red', 'blue'] }],
  ['a number', { field: 'attribute', attribute: 'litres', operator: 'at_least', values: ['1.5'] }],
  ['yes or no', { field: 'attribute', attribute: 'washable', operator: 'is', values: ['true'] }],
  ['a day', { field: 'attribute', attribute: 'released', operator: 'at_most', values: ['2026-02-28'] }],
  ['a price', { field: 'price', operator: 'at_most', values: ['2000'], currency: 'USD' }],
  ['stock', { field: 'stock', operator: 'is', values: ['in_stock'] }],
  ['days', { field: 'daysPublished', operator: 'at_most', values: ['30'] }],
])('%s can be compared', (_, condition) => {
  expect(problems(condition)).toEqual([]);
});

test.each<[RegExp, Condition]>([
  [/name the attribute/, { field: 'attribute', operator: 'is', values: ['red'] }],
  [/leave the attribute out/, { field: 'brand', attribute: 'colour', operator: 'is', values: ['red'] }],
  [/only a price has a currency/, { field: 'brand', operator: 'is', values: ['red'], currency: 'EUR' }],
  [/no attribute "size"/, { field: 'attribute', attribute: 'size', operator: 'is', values: ['M'] }],
  [/Use is or is_not/, { field: 'attribute', attribute: 'colour', operator: 'at_least', values: ['red'] }],
  [/"green" is not one of red, blue/, { field: 'attribute', attribute: 'colour', operator: 'is', values: ['green'] }],
  [/"much" is not a number/, { field: 'attribute', attribute: 'litres', operator: 'is', values: ['much'] }],
  [/is not a day/, { field: 'attribute', attribute: 'released', operator: 'is', values: ['2026-02-30'] }],
  [/takes one value; 2/, { field: 'price', operator: 'at_most', values: ['1', '2'] }],
  [/minor units/, { field: 'price', operator: 'at_most', values: ['19.99'] }],
  [/no category cat_2/, { field: 'category', operator: 'is', values: ['cat_1', 'cat_2'] }],
  [/in_stock or out_of_stock/, { field: 'stock', operator: 'is', values: ['maybe'] }],
  [/Use at_least or at_most/, { field: 'daysPublished', operator: 'is', values: ['3'] }],
  [/days from 0 to 36500/, { field: 'daysPublished', operator: 'at_most', values: ['36501'] }],
])('%s says what to do', (said, condition) => {
  const right: Condition = { field: 'stock', operator: 'is', values: ['in_stock'] };
  const [found = '', ...more] = problems(right, condition);
  expect(found).toMatch(said);
  expect(found).toMatch(/^Condition 2: .*[.]$/);
  expect(more).toEqual([]);
});
