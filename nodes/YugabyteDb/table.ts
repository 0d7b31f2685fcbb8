import { StoreError } from '../datastore/error.ts';
import { textIn, type Session } from './session.ts';

export interface Table {
  schema: string;
  name: string;
}

export interface Column {
  name: string;
  /** As people write it: character varying(20), integer[] */
  type: string;
  /** As the catalogue names it: varchar, _int4 for a list of int4. */
  base: string;
  nullable: boolean;
  hasDefault: boolean;
  /** The database alone says what is in it. */
  generated: boolean;
  primary: boolean;
  unique: boolean;
  /** The values of an enumeration. */
  labels: string[] | null;
}

export interface TableDefinition extends Table {
  columns: Column[];
}

const COLUMNS = `
  SELECT c.column_name, c.data_type, c.udt_name, c.character_maximum_length, c.numeric_precision, c.numeric_scale,
    c.is_nullable = 'YES' AS nullable, c.column_default IS NOT NULL OR c.is_identity = 'YES' AS has_default,
    c.is_generated = 'ALWAYS' AS generated, COALESCE(keys.is_primary, false) AS is_primary, keys.is_unique IS NOT NULL AS is_unique,
    (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
       FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      WHERE n.nspname = c.udt_schema AND t.typname = c.udt_name) AS labels
  FROM information_schema.columns c
  LEFT JOIN (
    SELECT a.attname, bool_or(i.indisprimary) AS is_primary, true AS is_unique
      FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class r ON r.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum = ANY (i.indkey)
     WHERE i.indisunique AND n.nspname = $1 AND r.relname = $2 GROUP BY a.attname
  ) keys ON keys.attname = c.column_name
  WHERE c.table_schema = $1 AND c.table_name = $2 ORDER BY c.ordinal_position`;

/** The columns of a table or view. Throws StoreError when there is none of that name. */
export const tableDefinition = async (session: Session, table: Table): Promise<TableDefinition> => {
  const { rows } = await session.run({ text: COLUMNS, values: [table.schema, table.name] });
  if (rows.length === 0) throw await notFound(session, table);
  return { ...table, columns: rows.map(columnOf) };
};

const columnOf = (row: Record<string, unknown>): Column => ({
  name: textIn(row, 'column_name'),
  type: typeOf(row),
  base: textIn(row, 'udt_name'),
  nullable: row['nullable'] === true,
  hasDefault: row['has_default'] === true,
  generated: row['generated'] === true,
  primary: row['is_primary'] === true,
  unique: row['is_unique'] === true,
  labels: (row['labels'] as string[] | null) ?? null,
});

const typeOf = (row: Record<string, unknown>): string => {
  const type = textIn(row, 'data_type');
  const base = textIn(row, 'udt_name');
  if (type === 'ARRAY') return `${base.slice(1)}[]`;
  if (type === 'USER-DEFINED') return base;
  if (typeof row['character_maximum_length'] === 'number') return `${type}(${row['character_maximum_length']})`;
  if (type === 'numeric' && typeof row['numeric_precision'] === 'number')
    return `numeric(${row['numeric_precision']},${Number(row['numeric_scale'])})`;
  return type;
};

const notFound = async (session: Session, { schema, name }: Table): Promise<StoreError> => {
  const { rows } = await session.run({
    text: `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables WHERE lower(table_name) = lower($1)
      AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2 LIMIT 3`,
    values: [name],
  });
  const similar = rows.map((row) => `"${textIn(row, 'name')}" in the schema "${textIn(row, 'schema')}"`);
  return new StoreError(
    'TABLE_NOT_FOUND',
    `There is no table "${name}" in the schema "${schema}" that this user may see.`,
    similar.length > 0
      ? `There is ${similar.join(' and ')}: upper and lower case matter.`
      : 'Choose the table from the list, or check schema, database and the user’s rights.',
  );
};

/** Schemas that hold what people made. */
export const schemas = async (session: Session): Promise<string[]> => {
  const text = `SELECT schema_name AS name FROM information_schema.schemata
    WHERE schema_name NOT IN ('information_schema') AND schema_name NOT LIKE 'pg\\_%' ORDER BY 1`;
  return namesOf(await session.run({ text, values: [] }));
};

/** Tables and views of a schema. */
export const tables = async (session: Session, schema: string): Promise<string[]> => {
  const text = 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = $1 ORDER BY 1';
  return namesOf(await session.run({ text, values: [schema] }));
};

const namesOf = ({ rows }: { rows: Record<string, unknown>[] }): string[] => rows.map((row) => textIn(row, 'name'));

/** A column by its name. Throws StoreError with the names that there are. */
export const columnNamed = ({ schema, name, columns }: TableDefinition, wanted: string): Column => {
  const found = columns.find((column) => column.name === wanted);
  if (found) return found;
  throw new StoreError(
    'COLUMN_NOT_FOUND',
    `The table "${schema}"."${name}" has no column "${wanted}".`,
    `It has ${columns.map((column) => column.name).join(', ')}. Upper and lower case matter; refresh the columns in the node when the table changed.`,
  );
};
