import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openDatabase, type Database } from '../database/index.ts';

export interface TestDatabase {
  /** postgres://… of a database that nobody else uses. */
  url: string;
  /** Opens a schema of it, without migrations; closed by `drop`. */
  open(schema: string, max?: number): Database;
  drop(): Promise<void>;
}

const serverUrl = (): string => {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url)
    throw new Error(
      'TEST_DATABASE_URL is not set: run this test with `npm run test:integration`, which starts PostgreSQL.',
    );
  return url;
};

const onServer = async (statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

/** A fresh database on the PostgreSQL of this test run. */
export const createTestDatabase = async (): Promise<TestDatabase> => {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  const opened: Database[] = [];
  return {
    url: url.href,
    open: (schema, max) => {
      const database = openDatabase({ url: url.href, schema, max });
      opened.push(database);
      return database;
    },
    drop: async () => {
      await Promise.all(opened.filter(({ pool }) => !pool.ended).map((database) => database.close()));
      await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
};

/** This very folder, which has none: a domain without tables of its own. */
const NO_MIGRATIONS = new URL('./', import.meta.url);

/** A schema with the chassis' tables only. */
export const openChassisDatabase = async (test: TestDatabase, schema = 'widgets', max?: number): Promise<Database> => {
  const database = test.open(schema, max);
  await database.migrate(NO_MIGRATIONS);
  return database;
};
