import { readExample } from './example.ts';
import { readNames } from './names.ts';
import { freePrefix, refuseClash, refuseTaken } from './taken.ts';

const root = new URL('../../', import.meta.url).pathname;

const refusalOf = async (...args: string[]): Promise<string> => {
  const names = readNames(args);
  try {
    await refuseTaken(root, names);
    refuseClash(await readExample(root), names);
    return 'not refused';
  } catch (error) {
    return String(error);
  }
};

test.each([
  [['orders'], 'microservices/orders exists already'],
  [['chassis', 'spring'], 'microservices/chassis exists already'],
  [['fraud', 'case-file'], 'ai/fraud exists already'],
  [['customer', 'visit'], 'nodes/Customer exists already'],
  [['laws', 'case'], '"case" is a word of TypeScript or SQL'],
  [['seating', 'table'], '"table" is a word of TypeScript or SQL'],
  [['shopping', 'cart'], 'orders has carts already'],
  [['paying', 'money'], 'schema Money'],
  [['sending', 'outbox'], 'Every schema has a table outbox'],
  [['talks', 'message'], 'use "message" for something else'],
])('%j is refused', async (args, words) => {
  expect(await refusalOf(...args)).toContain(words);
});

test.each([[['umbrellas']], [['gifting', 'gift-note']], [['returns', 'return-record']]])('%j is free', async (args) => {
  expect(await refusalOf(...args)).toBe('not refused');
});

test('the prefix is of the letters of the name, and nobody else has it', async () => {
  expect(await freePrefix(root, ['umbrella'])).toBe('umb');
  // res belongs to reservations.
  expect(await freePrefix(root, ['rest'])).toBe('ret');
});
