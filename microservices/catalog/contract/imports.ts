import { z } from 'zod';
import { write } from './access.ts';
import { choices, id, operation, page, pageQuery, timestamp } from '../../chassis/contract/index.ts';
import { notFound } from './failures.ts';

const NOT_FOUND = notFound('Import');

export const importRecord = z
  .object({
    id: id('imp'),
    state: choices({ running: 'Rows are still being read', completed: 'The file was read to its end' }).describe(
      'running: also after an interruption, until the whole file was read',
    ),
    committedLine: z.int().describe('Last line that is saved; sending the file again continues after it'),
    rows: z.int().describe('Rows read and saved, accepted and rejected'),
    accepted: z.int(),
    rejected: z.int(),
    created: z.int().describe('Products that were created'),
    updated: z.int().describe('Changes of products, counted once a batch'),
    startedAt: timestamp,
    completedAt: timestamp.nullable(),
  })
  .meta({ id: 'CatalogImport', title: 'Catalog import' });
export type ImportRecord = z.infer<typeof importRecord>;

export const rejection = z
  .object({
    line: z.int().describe('Line of the file, the header is line 1'),
    column: z.string().nullable(),
    value: z.string().nullable().describe('Content of the cell, shortened to 200 characters'),
    reason: z.string(),
  })
  .meta({ id: 'RejectedRow', title: 'Rejected row' });
export type Rejection = z.infer<typeof rejection>;

const errors = {
  INVALID_FILE: { status: 422, title: 'Unreadable file', data: z.object({ line: z.int().nullable() }) },
  DIFFERENT_FILE: {
    status: 409,
    title: 'Different file',
    data: z.object({ importId: id('imp'), committedLine: z.int() }),
  },
  IMPORT_BUSY: {
    status: 409,
    title: 'Import already running',
    data: z.object({ importId: id('imp') }),
  },
  INTERRUPTED: {
    status: 400,
    title: 'Upload interrupted',
    data: z.object({ importId: id('imp'), committedLine: z.int() }),
  },
} as const;

const columns =
  'One row for each variant or price tier. Columns are named by the header: sku (required), title, description, seoTitle, seoDescription, variantTitle (each also with .<locale>), slug, brand, family, categories ("Garden > Lights | Gifts"; a backslash before > and | in titles), ' +
  'attribute.<code>, optionAxes ("size | colour"), option.<axis>, originCountry, images (JSON), position, gtin, weightGrams, taxCategory, requiresShipping, sellable, imageUrl, price (decimal, 19.99, or 19,99 where semicolons or tabs separate the cells), currency, minQuantity, priceList (code), state (draft or published). ' +
  'Empty cells change nothing.';

export const importOperations = {
  importProducts: operation({
    method: 'POST',
    path: '/catalog/imports',
    title: 'Import products from CSV',
    description: `Creates and changes products, variants and prices from a CSV file of any length, read as it arrives. ${columns} Cells are separated by commas, semicolons or tabs. Rejected rows are listed with their lines and do not stop the others. Send an Idempotency-Key: the same request repeated after an interruption continues after the last saved row.`,
    access: write,
    input: z.object({}),
    output: importRecord,
    errors,
    stream: 'text/csv',
  }),
  resumeImport: operation({
    method: 'POST',
    path: '/catalog/imports/{importId}/resume',
    title: 'Resume import',
    description: 'Reads the same file again from its beginning and continues after the last saved row.',
    access: write,
    input: z.object({ importId: id('imp') }),
    output: importRecord,
    errors: { ...errors, NOT_FOUND },
    stream: 'text/csv',
  }),
  getImport: operation({
    method: 'GET',
    path: '/catalog/imports/{importId}',
    title: 'Get import',
    description: 'Progress of an import, with its counts.',
    access: { scope: 'catalog:read' },
    input: z.object({ importId: id('imp') }),
    output: importRecord,
    errors: { NOT_FOUND },
  }),
  listImports: operation({
    method: 'GET',
    path: '/catalog/imports',
    title: 'List imports',
    description: 'Imports, newest first.',
    access: { scope: 'catalog:read' },
    input: z.object({ ...pageQuery, state: importRecord.shape.state.optional() }),
    output: page(importRecord),
  }),
  listRejectedRows: operation({
    method: 'GET',
    path: '/catalog/imports/{importId}/rejections',
    title: 'List rejected rows',
    description: 'Rejected rows of an import with line, column, value and reason, in the order of the file.',
    access: { scope: 'catalog:read' },
    input: z.object({ importId: id('imp'), ...pageQuery }),
    output: page(rejection),
    errors: { NOT_FOUND },
  }),
};
