import { inventory } from '../../microservices/inventory/index.ts';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import type { App } from '../../microservices/chassis/app.ts';
import type { ServiceDefinition, ServiceParts } from '../../microservices/chassis/service.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { freshDatabase, startTestPlatform } from '../test/platform.ts';
import { openDatabase } from '../../microservices/chassis/database/index.ts';

const definition = inventory as unknown as ServiceDefinition;

/** Connections to a database of the same server. */
const connectionsTo = async (name: string): Promise<number> => {
  const own = openDatabase({ url: await freshDatabase(), schema: 'public', onError: () => undefined });
  try {
    return (await own.one<{ n: number }>('SELECT count(*) AS n FROM pg_stat_activity WHERE datname = $1', [name])).n;
  } finally {
    await own.close();
  }
};

const broken = (): never => {
  throw new Error('it broke');
};

const FAILURES: Readonly<Record<string, (app: App) => Partial<ServiceParts<never>>>> = {
  'while it prepares': ({ database }) => ({
    prepare: async () => {
      await database.one('SELECT 1');
      broken();
    },
  }),
  'after it has joined its consumer group': () => ({ start: broken }),
};

test.each(Object.keys(FAILURES))('a service that fails %s leaves no connection open', async (when) => {
  let name = '';
  const failing: ServiceDefinition = {
    ...definition,
    build: (app: App) => {
      name = new URL(String(app.database.pool.options.connectionString)).pathname.slice(1);
      const parts = definition.build(app) as ServiceParts<never>;
      return { ...parts, ...FAILURES[when]?.(app) };
    },
  };
  const remote = [ordersContract, catalogContract].map((contract) => ({ contract, url: 'http://127.0.0.1:9' }));
  await expect(startTestPlatform({ services: [failing], remote })).rejects.toThrow('it broke');
  expect(name).not.toBe('');
  await until(
    'its connections are closed',
    () => connectionsTo(name),
    (open) => open === 0,
  );
});
