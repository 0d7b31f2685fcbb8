import type { Queryable } from '../../chassis/database/index.ts';
import type { Purpose, TemplateData } from '../contract.ts';

/** A template as its table has it. */
export interface TemplateRow {
  template: string;
  locale: string;
  title: string;
  purpose: Purpose;
  confidential: boolean;
  subject: string;
  body: string;
  html: string | null;
  sample_data: TemplateData | null;
  version: number;
  built_in: boolean;
  updated_at: string;
}

export type SavedTemplate = Omit<TemplateRow, 'version' | 'built_in' | 'updated_at'> & { at: Date };

const values = (row: SavedTemplate) => [
  row.template,
  row.locale,
  row.title,
  row.purpose,
  row.confidential,
  row.subject,
  row.body,
  row.html,
  row.sample_data === null ? null : JSON.stringify(row.sample_data),
  row.at,
];

/** Writes a locked or new template at a version; undefined when another transaction made it first. */
export const saveTemplate = (tx: Queryable, row: SavedTemplate, version: number): Promise<TemplateRow | undefined> =>
  tx.maybeOne<TemplateRow>(
    `INSERT INTO template AS known (template, locale, title, purpose, confidential, subject, body, html, sample_data, version, built_in, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $11, false, $10)
     ON CONFLICT (template, locale) DO UPDATE SET title = EXCLUDED.title, purpose = EXCLUDED.purpose, confidential = EXCLUDED.confidential,
       subject = EXCLUDED.subject, body = EXCLUDED.body, html = EXCLUDED.html, sample_data = EXCLUDED.sample_data,
       version = EXCLUDED.version, built_in = false, updated_at = EXCLUDED.updated_at
     WHERE known.version = EXCLUDED.version - 1
     RETURNING *`,
    [...values(row), version],
  );

/** Puts a built-in template in place, or its newer text; one that somebody changed stays as it is. */
export const seedTemplate = async (database: Queryable, row: SavedTemplate): Promise<void> => {
  await database.run(
    `INSERT INTO template AS known (template, locale, title, purpose, confidential, subject, body, html, sample_data, version, built_in, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, true, $10)
     ON CONFLICT (template, locale) DO UPDATE SET title = EXCLUDED.title, purpose = EXCLUDED.purpose, confidential = EXCLUDED.confidential,
       subject = EXCLUDED.subject, body = EXCLUDED.body, html = EXCLUDED.html, sample_data = EXCLUDED.sample_data,
       version = known.version + 1, updated_at = EXCLUDED.updated_at
     WHERE known.built_in AND (known.title, known.subject, known.body, known.html, known.sample_data, known.confidential)
       IS DISTINCT FROM (EXCLUDED.title, EXCLUDED.subject, EXCLUDED.body, EXCLUDED.html, EXCLUDED.sample_data, EXCLUDED.confidential)`,
    values(row),
  );
};

export const findTemplate = (database: Queryable, template: string, locale: string): Promise<TemplateRow | undefined> =>
  database.maybeOne<TemplateRow>('SELECT * FROM template WHERE template = $1 AND locale = $2', [template, locale]);

/** The version of a template, locked; undefined when there is none. */
export const lockTemplate = async (tx: Queryable, template: string, locale: string): Promise<number | undefined> =>
  (
    await tx.maybeOne<{ version: number }>(
      'SELECT version FROM template WHERE template = $1 AND locale = $2 FOR UPDATE',
      [template, locale],
    )
  )?.version;

/** A template in the first of these languages that it has, or else in any. */
export const findInLanguage = (
  database: Queryable,
  template: string,
  locales: readonly string[],
): Promise<TemplateRow | undefined> =>
  database.maybeOne<TemplateRow>(
    `SELECT * FROM template WHERE template = $1
     ORDER BY array_position($2::text[], locale) NULLS LAST, locale LIMIT 1`,
    [template, [...locales]],
  );

export const deleteTemplate = async (tx: Queryable, template: string, locale: string): Promise<boolean> =>
  (await tx.run('DELETE FROM template WHERE template = $1 AND locale = $2', [template, locale])) === 1;

export interface TemplateFilter {
  template?: string | undefined;
  locale?: string | undefined;
  purpose?: Purpose | undefined;
  search: string | null;
  /** Each template once: in the first of these languages that it has. */
  nearest: readonly string[] | null;
}

export const listTemplates = (
  database: Queryable,
  filter: TemplateFilter,
  after: [template: string, locale: string] | undefined,
  limit: number,
): Promise<TemplateRow[]> =>
  database.rows<TemplateRow>(
    `SELECT * FROM template
     WHERE ($1::text IS NULL OR template = $1) AND ($2::text IS NULL OR locale = $2) AND ($3::text IS NULL OR purpose = $3)
       AND ($4::text IS NULL OR template ILIKE $4 OR title ILIKE $4)
       AND ($5::text IS NULL OR (template, locale) > ($5, $6))
       AND ($8::text[] IS NULL OR locale = (
         SELECT locale FROM template AS other WHERE other.template = template.template
         ORDER BY array_position($8::text[], locale) NULLS LAST, locale LIMIT 1))
     ORDER BY template, locale LIMIT $7`,
    [
      filter.template ?? null,
      filter.locale ?? null,
      filter.purpose ?? null,
      filter.search,
      after?.[0] ?? null,
      after?.[1] ?? null,
      limit,
      filter.nearest && [...filter.nearest],
    ],
  );
