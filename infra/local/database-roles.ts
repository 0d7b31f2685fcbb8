import pg from 'pg';
import { sameServer } from './postgres.ts';

/** A role without rights beyond one database, which it owns. */
export interface DatabaseRole {
  name: string;
  password: string;
  database: string;
}

/**
 * Gives each role its database on the server of `superuserUrl`: makes both where they are missing, and hands over what
 * an earlier platform made there as superuser. Nobody else may enter that database. Safe to repeat.
 */
export const separateRoles = async (superuserUrl: string, roles: readonly DatabaseRole[]): Promise<void> => {
  await connected(sameServer(superuserUrl, 'postgres'), async (client) => {
    for (const role of roles) await makeRole(client, role);
  });
  for (const { name, database } of roles)
    await connected(sameServer(superuserUrl, database), (client) => handOver(client, name));
};

/** The URL with which a role reaches its database. */
export const urlOfRole = (superuserUrl: string, { name, password, database }: DatabaseRole): string => {
  const url = new URL(sameServer(superuserUrl, database));
  url.username = name;
  url.password = encodeURIComponent(password);
  return url.href;
};

const connected = async (url: string, work: (client: pg.Client) => Promise<void>): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
};

const makeRole = async (client: pg.Client, { name, password, database }: DatabaseRole): Promise<void> => {
  const [role, target] = [pg.escapeIdentifier(name), pg.escapeIdentifier(database)];
  const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  if (known.rowCount === 0) await client.query(`CREATE ROLE ${role}`);
  await client.query(
    `ALTER ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${pg.escapeLiteral(password)}`,
  );
  const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  if (found.rowCount === 0) await client.query(`CREATE DATABASE ${target} OWNER ${role}`);
  await client.query(`ALTER DATABASE ${target} OWNER TO ${role}`);
  await client.query(`REVOKE ALL ON DATABASE ${target} FROM PUBLIC`);
};

/**
 * One statement for each thing that the superuser owns outside the system's schemas. REASSIGN OWNED refuses to work for
 * the first superuser. What belongs to an extension stays with it, and a column's sequence goes with its table.
 */
const HAND_OVER = `
  WITH system_free AS (
    SELECT oid, nspname, nspowner FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
  ), dependent AS (
    SELECT classid, objid FROM pg_depend
    WHERE deptype = 'e' OR (deptype IN ('a', 'i') AND classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass)
  ), me AS (SELECT oid FROM pg_roles WHERE rolname = current_user)
  SELECT format('SCHEMA %I', nspname) AS thing FROM system_free WHERE nspowner = (SELECT oid FROM me)
  UNION ALL
  SELECT format('%s %s',
    CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END,
    format('%I.%I', s.nspname, c.relname))
  FROM pg_class c JOIN system_free s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'S', 'v', 'm', 'c') AND c.relowner = (SELECT oid FROM me)
    AND NOT EXISTS (SELECT 1 FROM dependent d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid)
  UNION ALL
  SELECT format('ROUTINE %s', p.oid::regprocedure)
  FROM pg_proc p JOIN system_free s ON s.oid = p.pronamespace
  WHERE p.proowner = (SELECT oid FROM me)
    AND NOT EXISTS (SELECT 1 FROM dependent d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid)
  UNION ALL
  SELECT format('TYPE %I.%I', s.nspname, t.typname)
  FROM pg_type t JOIN system_free s ON s.oid = t.typnamespace
  WHERE t.typtype IN ('d', 'e', 'r') AND t.typowner = (SELECT oid FROM me)
    AND NOT EXISTS (SELECT 1 FROM dependent d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid)`;

const handOver = async (client: pg.Client, role: string): Promise<void> => {
  const { rows } = await client.query<{ thing: string }>(HAND_OVER);
  if (rows.length === 0) return;
  const statements = rows.map(({ thing }) => `ALTER ${thing} OWNER TO ${pg.escapeIdentifier(role)};`);
  // Several statements in one query are one transaction: all of it, or nothing.
  await client.query(statements.join('\n'));
};
