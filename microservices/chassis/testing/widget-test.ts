import type { Database } from '../database/index.ts';
import { createTestDatabase, openChassisDatabase } from './database.ts';
import { serveWidgets, type ServedWidgets, type WidgetHandlers } from './serve-widgets.ts';

/** One response to a request that makes a widget. */
export interface WidgetResponse {
  status: number;
  replayed: boolean;
  retryAfter: string | null;
  body: { id?: string; name?: string; count?: number; code?: string; detail?: string; data?: unknown };
}

export interface WidgetTest {
  database: () => Database;
  /** Starts one more process' server of widgets and returns its URL; stopped after the test. */
  serve: (handlers?: Partial<WidgetHandlers>) => Promise<string>;
  count: (table: 'widget' | 'outbox' | 'idempotency' | 'audit_log') => Promise<number>;
}

/** Registers what a test file of widgets needs: a database of its own, emptied before each test, and servers on it. */
export const widgetTest = (): WidgetTest => {
  const served: ServedWidgets[] = [];
  let own: Awaited<ReturnType<typeof createTestDatabase>>;
  let database: Database;
  beforeAll(async () => {
    own = await createTestDatabase();
    database = await openChassisDatabase(own);
    await database.run('CREATE TABLE widget (id text PRIMARY KEY, name text, count int)');
  });
  afterAll(() => own.drop());
  beforeEach(() => database.run('TRUNCATE widget, outbox, idempotency, audit_log'));
  afterEach(async () => {
    await Promise.all(served.splice(0).map((server) => server.stop()));
  });
  return {
    database: () => database,
    serve: async (handlers = {}) => {
      const server = await serveWidgets({ database, handlers });
      served.push(server);
      return server.url;
    },
    count: async (table) => (await database.one<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)).n,
  };
};

/** Asks a server to make a widget under an Idempotency-Key, or without one. */
export const makeWidget = async (
  url: string,
  key: string | undefined,
  body: unknown = { name: 'x' },
  credential = 'fc_admin',
  headers: Record<string, string> = {},
): Promise<WidgetResponse> => {
  const response = await fetch(`${url}/v1/widgets`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${credential}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    replayed: response.headers.get('idempotency-replayed') === 'true',
    retryAfter: response.headers.get('retry-after'),
    body: (await response.json()) as WidgetResponse['body'],
  };
};
