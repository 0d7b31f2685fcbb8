import { WrongSetting } from '../platform/options.ts';
import { allServices } from '../platform/services.ts';
import { HELP, readArguments } from './arguments.ts';

const engines = { DATABASE_URL: 'postgres://shop@db:5433/shop', KAFKA_BROKERS: 'kafka-1:9092' };
const read = (...argv: string[]) => {
  const found = readArguments(argv, engines);
  if (found === 'help') throw new Error('help');
  return { ...found, services: found.services.map(({ contract }) => contract.domain) };
};
const everyone = allServices.map(({ contract }) => contract.domain);

test('serve runs the named services, all of them, or none behind a gateway', () => {
  expect(read('serve', 'orders', 'wallet', '--port', '3001')).toMatchObject({
    command: 'serve',
    services: ['orders', 'wallet'],
    options: { port: 3001, kafka: ['kafka-1:9092'] },
  });
  expect(read('serve', 'all').services).toEqual(everyone);
  const gateway = readArguments(['serve', 'gateway'], { KAFKA_BROKERS: 'kafka-1:9092' });
  expect(gateway).toMatchObject({ services: [] });
});

test('migrate is about every service unless some are named, and gives rights to a role', () => {
  expect(read('migrate')).toMatchObject({ services: everyone, grantTo: undefined });
  expect(read('migrate', 'orders', '--grant-to', 'shop_orders')).toMatchObject({
    services: ['orders'],
    grantTo: 'shop_orders',
  });
});

test.each<[string, string[], RegExp]>([
  ['a command that does not exist', ['start'], /"start" is not a command. Commands are: serve, migrate, topics, check/],
  ['serve without names', ['serve'], /serve needs the names of services: catalog, /],
  ['a service that does not exist', ['serve', 'oders'], /serve names "oders", which is not a service. Services are: /],
  ['a role with quotes', ['migrate', '--grant-to', 'a"b'], /--grant-to holds "a"b"; it should be the name of a role/],
  ['rights without migrations', ['serve', 'orders', '--grant-to', 'shop'], /--grant-to is for migrate/],
  ['a port that browsers refuse', ['serve', 'orders', '--port', '6000'], /none that browsers refuse/],
])('%s is refused in words', (_what, argv, words) => {
  expect(() => readArguments(argv, engines)).toThrow(WrongSetting);
  expect(() => readArguments(argv, engines)).toThrow(words);
});

test('engines have to be named, since the command brings none', () => {
  expect(() => readArguments(['topics'], { KAFKA_BROKERS: 'kafka-1:9092' })).toThrow(/^DATABASE_URL is not set/);
  expect(() => readArguments(['topics'], { DATABASE_URL: 'postgres://shop@db/shop' })).toThrow(
    /^KAFKA_BROKERS is not set/,
  );
});

test('no command, help and --help show every command', () => {
  for (const argv of [[], ['help'], ['--help'], ['serve', 'orders', '--help']])
    expect(readArguments(argv, engines)).toBe('help');
  for (const command of ['serve', 'migrate', 'topics', 'check']) expect(HELP).toContain(`  ${command} `);
});
