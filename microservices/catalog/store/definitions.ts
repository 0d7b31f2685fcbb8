import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { attributeDefinition, family, type AttributeDefinition, type Family } from '../contract/shapes.ts';

const ATTRIBUTE = columns(Object.keys(attributeDefinition.shape));

/** Definitions by code; they cannot be changed until the transaction ends. */
export const lockAttributesShared = async (
  tx: Queryable,
  codes: readonly string[],
): Promise<Map<string, AttributeDefinition>> =>
  codes.length === 0
    ? new Map()
    : new Map(
        (
          await tx.rows<AttributeDefinition>(
            `SELECT ${ATTRIBUTE} FROM attribute WHERE code = ANY($1) ORDER BY code FOR SHARE`,
            [codes],
          )
        ).map((row) => [row.code, row]),
      );

export const lockAttribute = (tx: Queryable, code: string): Promise<AttributeDefinition | undefined> =>
  tx.maybeOne<AttributeDefinition>(`SELECT ${ATTRIBUTE} FROM attribute WHERE code = $1 FOR UPDATE`, [code]);

/** Writes a locked or new attribute; false when another transaction made it first. */
export const saveAttribute = async (
  tx: Queryable,
  { code, title, type, options, facet, version }: AttributeDefinition,
): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO attribute (code, title, type, options, facet, version) VALUES ($1, $2::jsonb, $3, $4, $5, $6)
     ON CONFLICT (code) DO UPDATE SET title = EXCLUDED.title, type = EXCLUDED.type, options = EXCLUDED.options, facet = EXCLUDED.facet,
       version = EXCLUDED.version WHERE attribute.version = EXCLUDED.version - 1`,
    [code, JSON.stringify(title), type, options, facet, version],
  )) === 1;

/** Slugs of some products that have a value for an attribute; with `values`, one of these. */
export const productsWithAttribute = async (
  tx: Queryable,
  code: string,
  values: readonly string[] | undefined,
): Promise<string[]> =>
  (
    await tx.rows<{ slug: string }>(
      'SELECT slug FROM product WHERE attributes ? $1 AND ($2::text[] IS NULL OR attributes ->> $1 = ANY($2)) ORDER BY slug LIMIT 5',
      [code, values],
    )
  ).map((row) => row.slug);

export const listAttributes = (
  tx: Queryable,
  after: string | undefined,
  count: number,
): Promise<AttributeDefinition[]> =>
  tx.rows<AttributeDefinition>(
    `SELECT ${ATTRIBUTE} FROM attribute WHERE ($1::text IS NULL OR code > $1) ORDER BY code LIMIT $2`,
    [after, count],
  );

const FAMILY = columns(Object.keys(family.shape));

/** Families by code; they cannot be changed until the transaction ends. */
export const lockFamiliesShared = async (tx: Queryable, codes: readonly string[]): Promise<Map<string, Family>> =>
  codes.length === 0
    ? new Map()
    : new Map(
        (
          await tx.rows<Family>(`SELECT ${FAMILY} FROM family WHERE code = ANY($1) ORDER BY code FOR SHARE`, [codes])
        ).map((row) => [row.code, row]),
      );

export const findFamilies = async (tx: Queryable, codes: readonly string[]): Promise<Map<string, Family>> =>
  new Map(
    (await tx.rows<Family>(`SELECT ${FAMILY} FROM family WHERE code = ANY($1)`, [codes])).map((row) => [row.code, row]),
  );

export const lockFamily = (tx: Queryable, code: string): Promise<Family | undefined> =>
  tx.maybeOne<Family>(`SELECT ${FAMILY} FROM family WHERE code = $1 FOR UPDATE`, [code]);

/** Writes a locked or new family; false when another transaction made it first. */
export const saveFamily = async (
  tx: Queryable,
  { code, title, required, optional, version }: Family,
): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO family (code, title, required, optional, version) VALUES ($1, $2::jsonb, $3, $4, $5)
     ON CONFLICT (code) DO UPDATE SET title = EXCLUDED.title, required = EXCLUDED.required, optional = EXCLUDED.optional,
       version = EXCLUDED.version WHERE family.version = EXCLUDED.version - 1`,
    [code, JSON.stringify(title), required, optional, version],
  )) === 1;

/** Slugs of some published products of a family that lack one of these attributes. */
export const productsLacking = async (tx: Queryable, family: string, required: readonly string[]): Promise<string[]> =>
  (
    await tx.rows<{ slug: string }>(
      `SELECT slug FROM product WHERE family = $1 AND state = 'published' AND NOT attributes ?& $2::text[] ORDER BY slug LIMIT 5`,
      [family, required],
    )
  ).map((row) => row.slug);

export const listFamilies = (tx: Queryable, after: string | undefined, count: number): Promise<Family[]> =>
  tx.rows<Family>(`SELECT ${FAMILY} FROM family WHERE ($1::text IS NULL OR code > $1) ORDER BY code LIMIT $2`, [
    after,
    count,
  ]);
