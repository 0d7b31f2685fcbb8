import { DEMO_USAGE, readDemoOptions, WrongDemo } from './demo-options.ts';

const customerId = `cus_${'0'.repeat(32)}`;
const storyOf = (...args: string[]) => {
  const options = readDemoOptions(args);
  return options === 'help' ? options : options.story;
};

test.each<[string[], unknown]>([
  [[], { kind: 'orders', count: 1, by: { customerId: undefined } }],
  [['--orders', '4'], { kind: 'orders', count: 4, by: { customerId: undefined } }],
  [['--orders', '4', '--customer', customerId], { kind: 'orders', count: 4, by: { customerId } }],
  [['--guest', '--orders', '2'], { kind: 'orders', count: 2, by: 'guest' }],
  [['--abandon'], { kind: 'abandon', customerId: undefined }],
  [['--abandon', '--customer', customerId], { kind: 'abandon', customerId }],
  [['--low-stock'], { kind: 'low-stock' }],
  [['groups'], { kind: 'groups' }],
  [['-h'], 'help'],
])('%j', (args, story) => {
  expect(storyOf(...args)).toEqual(story);
});

test.each<[string[], string]>([
  [['--orders', '0'], 'from 1 to 20'],
  [['--orders', 'many'], 'not "many"'],
  [['--customer', 'ada@example.com'], 'not "ada@example.com"'],
  [['--guest', '--customer', customerId], '--guest and --customer'],
  [['--guest', '--abandon'], '--guest and --abandon'],
  [['--low-stock', '--orders', '2'], '--orders'],
  [['--low-stock', '--customer', customerId], '--low-stock and --customer'],
  [['--url', 'http://127.0.0.1:3000'], 'belong together'],
  [['group'], 'no story “group”'],
  [['groups', 'twice'], 'no story'],
  [['groups', '--orders', '2'], 'groups and --orders'],
  [['groups', '--guest'], 'groups and --guest'],
  [['--order', '2'], '--help says what there is'],
])('%j is refused in words', (args, words) => {
  expect(() => readDemoOptions(args)).toThrow(WrongDemo);
  expect(() => readDemoOptions(args)).toThrow(words);
});

test('the help names every story', () => {
  for (const option of [
    '--orders',
    '--customer',
    '--guest',
    '--abandon',
    '--low-stock',
    'groups ',
    '--data',
    '--url',
    '--key',
    '--kafka',
  ])
    expect(DEMO_USAGE).toContain(option);
});
