import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { missed, savedNode } from './saved-parameters.ts';

const show = { resource: ['order'], operation: ['get'] };
const property = (name: string, more: Partial<INodeProperties> = {}): INodeProperties => ({
  displayName: name,
  name,
  type: 'string',
  default: '',
  displayOptions: { show },
  ...more,
});
const node = (properties: INodeProperties[], version: number | number[] = 1) => ({
  order: savedNode({ properties, version } as unknown as INodeTypeDescription),
});
const before = [
  property('a'),
  property('b', { type: 'options', options: [{ name: 'X', value: 'x' }] }),
  property('c', { type: 'collection', default: {}, options: [property('d', { displayOptions: undefined })] }),
];

test('what is the same, and what is more, loads', () => {
  expect(missed(node(before), node(before))).toEqual([]);
  expect(missed(node(before), node([...before, property('e')], [1, 2]))).toEqual([]);
  expect(missed(node(before), node([...before, property('e', { required: true, default: 'x' })]))).toEqual([]);
});

test.each<[string, INodeProperties[], string]>([
  ['a parameter that is gone', before.slice(1), 'order a:string is gone'],
  [
    'another type',
    [property('a', { type: 'number' }), ...before.slice(1)],
    'order a:string is gone, or has another type',
  ],
  [
    'an option that is gone',
    [before[0], property('b', { type: 'options', options: [] }), before[2]].flatMap((one) => one ?? []),
    'has no option x',
  ],
  [
    'a parameter inside that is gone',
    [...before.slice(0, 2), property('c', { type: 'collection', default: {}, options: [] })],
    'c.d:string is gone',
  ],
  [
    'a place that is gone',
    [property('a', { displayOptions: { show: { ...show, operation: ['other'] } } }), ...before.slice(1)],
    'not shown at order.get',
  ],
  ['a new demand', [...before, property('e', { required: true })], 'order e:string is demanded now'],
])('%s does not', (_what, after, words) => {
  expect(missed(node(before), node(after)).join()).toContain(words);
});

test('what a new operation demands is nothing that saved workflows lack', () => {
  const other = { displayOptions: { show: { ...show, operation: ['other'] } } };
  expect(missed(node(before), node([...before, property('e'), property('e', { ...other, required: true })]))).toEqual(
    [],
  );
});

test('a version that is gone does not', () => {
  expect(missed(node(before), node(before, 2))).toEqual(['order has no version 1 any more']);
});
