import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { splitStatements } from './migrate.ts';

/**
 * Statements that YugabyteDB's YSQL lacks or runs differently from PostgreSQL 15, and others that migrations avoid
 * here.
 */
const FORBIDDEN: readonly [RegExp, string][] = [
  [/\b(LISTEN|NOTIFY|UNLISTEN)\b|pg_notify/i, 'LISTEN/NOTIFY'],
  [/pg_(try_)?advisory/i, 'advisory locks'],
  [/\bLOCK\s+TABLE\b/i, 'LOCK TABLE'],
  [/\bEXCLUDE\s+(USING|\()/i, 'exclusion constraints'],
  [/\bDEFERRABLE\b|\bINITIALLY\s+DEFERRED\b/i, 'deferrable constraints'],
  [/\bUSING\s+(gist|spgist|brin)\b/i, 'GiST, SP-GiST and BRIN indexes'],
  [/\bUSING\s+gin\s*\([^()]*(\([^()]*\)[^()]*)*,/i, 'GIN indexes of several columns'],
  [/\bPREPARE\s+TRANSACTION\b/i, 'PREPARE TRANSACTION'],
  [/\bCONCURRENTLY\b/i, 'CONCURRENTLY (YSQL builds indexes online by itself)'],
  [/\bUNLOGGED\b|\bTABLESPACE\b|\bINHERITS\b/i, 'UNLOGGED, TABLESPACE, INHERITS'],
  [/\bCREATE\s+(TEMP|TEMPORARY)\b/i, 'temporary tables'],
  [/^\s*(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY|SELECT|WITH)\b/i, 'DML: migrations define, jobs fill'],
  [/^\s*(CREATE\s+TABLE\s+(IF\s+NOT\s+EXISTS\s+)?\S+\s+AS|BEGIN|COMMIT|ROLLBACK)\b/i, 'CREATE TABLE AS, transactions'],
];

/** The forms of DDL that can run twice and do the same. */
const RERUNNABLE: readonly RegExp[] = [
  /^CREATE TABLE IF NOT EXISTS\s/i,
  /^CREATE (UNIQUE )?INDEX IF NOT EXISTS\s/i,
  /^CREATE SCHEMA IF NOT EXISTS\s/i,
  /^CREATE SEQUENCE IF NOT EXISTS\s/i,
  /^CREATE (OR REPLACE )?VIEW\s|^CREATE OR REPLACE FUNCTION\s/i,
  /^CREATE OR REPLACE TRIGGER\s/i,
  /^CREATE EXTENSION IF NOT EXISTS\s/i,
  /^ALTER TABLE (IF EXISTS )?\S+\s+ADD COLUMN IF NOT EXISTS\s/i,
  /^ALTER TABLE (IF EXISTS )?\S+\s+DROP COLUMN IF EXISTS\s/i,
  /^ALTER TABLE (IF EXISTS )?\S+\s+DROP CONSTRAINT IF EXISTS\s/i,
  // migrate() takes one that is there already for done.
  /^ALTER TABLE \S+\s+ADD CONSTRAINT \w+ CHECK\s/i,
  /^ALTER TABLE \S+\s+ALTER COLUMN \S+ (SET|DROP) (DEFAULT|NOT NULL)/i,
  /^DROP (TABLE|INDEX|VIEW|SEQUENCE) IF EXISTS\s/i,
  /^COMMENT ON\s/i,
];

/**
 * Read by ranges, and so to be said to be sorted: YSQL otherwise spreads an index by the hash of its first column,
 * which serves equality only.
 */
const RANGE_FIRST =
  /^CREATE (?:UNIQUE )?INDEX IF NOT EXISTS \S+ ON \S+ \((?:\w+_at|at|send_after|\w+ text_pattern_ops|\((?:[^()]|\([^()]*\))*\))\s*[,)]/i;

const faultsOf = (statement: string): string[] => [
  ...FORBIDDEN.filter(([pattern]) => pattern.test(statement)).map(([, what]) => what),
  ...(RERUNNABLE.some((form) => form.test(statement)) ? [] : ['not re-runnable: say IF NOT EXISTS']),
  ...(/;/.test(withoutBodies(statement)) ? ['more than one statement: end each line-final'] : []),
  ...(RANGE_FIRST.test(statement) ? ['an index read by ranges: say ASC'] : []),
  ...(/^ALTER TABLE[^(]*,\s*(ADD|DROP|ALTER)\b/is.test(statement) ? ['several changes in one ALTER TABLE'] : []),
];

/** A statement without its string literals and function bodies, in which semicolons end nothing. */
const withoutBodies = (statement: string): string => statement.replace(/\$\$.*?\$\$/gs, '').replace(/'[^']*'/g, '');

const root = fileURLToPath(new URL('../../../', import.meta.url));
const files = globSync(['microservices/*/migrations/*.sql', 'ai/*/migrations/*.sql'], { cwd: root }).toSorted();

describe('every migration runs on PostgreSQL 15 and on YugabyteDB alike', () => {
  test('the repository’s migrations are found', () => {
    expect(files).toContain('microservices/chassis/migrations/001-chassis.sql');
  });

  test.each(files)('%s', async (file) => {
    const statements = splitStatements(await readFile(root + file, 'utf8'));
    expect(
      statements.flatMap((statement) => faultsOf(statement).map((fault) => `${statement.slice(0, 60)} … ${fault}`)),
    ).toEqual([]);
    expect(statements).not.toEqual([]);
  });

  test.each(files)('%s is named NNN-what.sql, and its number is its own', (file) => {
    const number = /\/(\d{3})-[a-z0-9-]+\.sql$/.exec(file)?.[1];
    expect(number).toBeDefined();
    const folder = file.slice(0, file.lastIndexOf('/'));
    expect(files.filter((other) => other.startsWith(`${folder}/${number}-`))).toEqual([file]);
  });
});

describe('the scanner sees', () => {
  test.each([
    ['CREATE TABLE a (n int)', 'not re-runnable'],
    ['CREATE TABLE IF NOT EXISTS a (n int, EXCLUDE USING gist (n WITH =))', 'exclusion'],
    ['CREATE TABLE IF NOT EXISTS a (n int REFERENCES b DEFERRABLE)', 'deferrable'],
    ['CREATE INDEX IF NOT EXISTS i ON a USING brin (at)', 'BRIN'],
    ['CREATE INDEX IF NOT EXISTS i ON a USING gin (x, y)', 'GIN'],
    ['CREATE INDEX IF NOT EXISTS i ON a USING gin (to_tsvector($$simple$$, x), y)', 'GIN'],
    ['CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (n)', 'CONCURRENTLY'],
    [`INSERT INTO a VALUES (1)`, 'DML'],
    ['SELECT pg_advisory_lock(1)', 'advisory'],
    ['NOTIFY x', 'LISTEN/NOTIFY'],
    ['CREATE TABLE IF NOT EXISTS a (n int); CREATE TABLE IF NOT EXISTS b (n int)', 'more than one'],
    ['ALTER TABLE a ADD COLUMN IF NOT EXISTS b int, ADD COLUMN IF NOT EXISTS c int', 'several changes'],
    ['DROP TABLE a', 'not re-runnable'],
    ['CREATE INDEX IF NOT EXISTS i ON a (created_at, id)', 'say ASC'],
    ['CREATE INDEX IF NOT EXISTS i ON a (email text_pattern_ops)', 'say ASC'],
    [`CREATE INDEX IF NOT EXISTS i ON a ((coalesce(name, '')), id)`, 'say ASC'],
  ])('%s', (statement, fault) => {
    expect(faultsOf(statement).join()).toContain(fault);
  });

  test.each([
    'CREATE INDEX IF NOT EXISTS i ON a USING gin (to_tsvector($$simple$$, x))',
    `CREATE TABLE IF NOT EXISTS a (state text NOT NULL CHECK (state IN ('a;b', 'c')))`,
    'ALTER TABLE a ADD COLUMN IF NOT EXISTS price numeric(10, 2)',
    `ALTER TABLE a ADD CONSTRAINT a_state_2 CHECK (state IN ('b', 'c'))`,
    'CREATE INDEX IF NOT EXISTS i ON a (created_at ASC, id)',
    'CREATE INDEX IF NOT EXISTS i ON a (owner_id, created_at)',
    'CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION $m$no$m$; END $$',
  ])('nothing wrong in %s', (statement) => {
    expect(faultsOf(statement)).toEqual([]);
  });
});
