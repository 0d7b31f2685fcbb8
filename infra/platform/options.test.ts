import { allOptions, helpText, readOptions, WrongSetting } from './options.ts';
import { variablesWithoutFlag } from './options/variables.ts';

test('without flags and variables every option has its default', () => {
  expect(readOptions([], {})).toMatchObject({
    port: 3000,
    data: '.fusioncommerce',
    kafka: undefined,
    withoutN8n: false,
  });
});

test('a flag wins over its variable, and an empty variable counts as not set', () => {
  expect(readOptions(['--port', '4000'], { PORT: '5000', HOST: '' })).toMatchObject({ port: 4000, host: '127.0.0.1' });
});

test('the start error names the option, its value and what it should be', () => {
  expect(() => readOptions([], { PORT: 'http' })).toThrow(
    new WrongSetting(
      'The environment variable PORT holds "http"; it should be a port number, 0 to 65535, but none that browsers refuse (such as 4190, 6000, 6667).',
    ),
  );
});

test.each([
  ['--database-url', 'mysql://shop:hunter2@db/shop'],
  ['--cql', 'shop:hunter2@'],
  ['--s3', 'ftp://shop:hunter2@files/bucket'],
])('the error of %s does not show the password in it', (flag, value) => {
  expect(() => readOptions([flag, value], {})).toThrow(WrongSetting);
  expect(() => readOptions([flag, value], {})).not.toThrow(/hunter2/);
});

test('no two options share a flag or a variable', () => {
  const options = Object.values(allOptions);
  const variables = [...options.map(({ variable }) => variable), ...Object.keys(variablesWithoutFlag)];
  expect(new Set(options.map(({ flag }) => flag)).size).toBe(options.length);
  expect(new Set(variables).size).toBe(variables.length);
});

test('--help shows each option with its default and its variable', () => {
  expect(helpText()).toContain(
    '--port N                         public port of the gateway; 0 takes a free one (3000)  [PORT]',
  );
});
