import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { id as idOf, timestamp } from '../../chassis/contract/index.ts';
import { newId } from '../../chassis/ids.ts';
import { Problem, type FailureConstructors } from '../../chassis/problem.ts';
import type { ImportRecord, importOperations } from '../contract/imports.ts';
import { readHeader, type Header } from '../policy/import/columns.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import {
  advanceImport,
  beginImport,
  findImport,
  forgetUnbegun,
  listImports,
  listRejections,
  type ImportRow,
} from '../store/imports.ts';
import type { CatalogContext, CatalogHandlers, CatalogTransaction } from './context.ts';
import { importBatch } from './import-batch.ts';
import { BodyBrokeOff, readCsv, UnreadableCsv, type CsvRecord } from './read-csv.ts';

type Names = 'importProducts' | 'resumeImport' | 'getImport' | 'listImports' | 'listRejectedRows';
type Errors = FailureConstructors<(typeof importOperations)['importProducts']['errors']>;

/** Rows a transaction. */
const BATCH = 500;

export const importHandlers = (context: CatalogContext): CatalogHandlers<Names> => {
  const { platform } = context;
  return {
    importProducts: async (_input, { caller, body, commit, derivedKey, errors }) => {
      const requestKey = createHash('sha256')
        .update(`${caller.kind}:${caller.id}\0${derivedKey('import')}`)
        .digest('base64url');
      const begun = await platform.commit((tx) => beginImport(tx, newId('imp'), requestKey, platform.now()));
      try {
        const read = await readInto(context, begun, body, errors);
        return await commit((tx) => complete(tx, read, platform.now(), errors));
      } catch (error) {
        if (error instanceof Problem && error.code === 'INVALID_FILE') await forgetUnbegun(platform.database, begun.id);
        throw error;
      }
    },

    resumeImport: async ({ importId }, { body, commit, errors }) => {
      const begun = await findImport(platform.database, importId);
      if (!begun) throw errors.NOT_FOUND(`There is no import ${importId}.`);
      const read = begun.state === 'completed' ? undefined : await readInto(context, begun, body, errors);
      body.resume();
      return commit(async (tx) => (read ? complete(tx, read, platform.now(), errors) : toRecord(begun)));
    },

    getImport: async ({ importId }, { errors }) => {
      const found = await findImport(platform.database, importId);
      if (!found) throw errors.NOT_FOUND(`There is no import ${importId}.`);
      return toRecord(found);
    },

    listImports: async ({ limit, cursor, state }) => {
      const before = readCursor(cursor, z.tuple([timestamp, idOf('imp')]));
      return toPage(
        await listImports(platform.database, state, before, limit + 1),
        limit,
        (row) => [row.startedAt, row.id],
        toRecord,
      );
    },

    listRejectedRows: async ({ importId, limit, cursor }, { errors }) => {
      if (!(await findImport(platform.database, importId))) throw errors.NOT_FOUND(`There is no import ${importId}.`);
      const after = readCursor(cursor, z.tuple([z.int32(), z.int32()]));
      const rows = await listRejections(platform.database, importId, after, limit + 1);
      return toPage(
        rows,
        limit,
        (row) => [row.line, row.ordinal],
        ({ ordinal: _ordinal, ...rejection }) => rejection,
      );
    },
  };
};

const toRecord = ({ fingerprint: _fingerprint, ...record }: ImportRow): ImportRecord => record;

const hashed = (before: string, cells: readonly string[]): string =>
  createHash('sha256').update(before).update('\0').update(JSON.stringify(cells)).digest('base64url');

const headerOf = ({ cells, line, fault }: CsvRecord, shopLocale: string, errors: Errors): Header => {
  if (fault !== undefined) throw errors.INVALID_FILE(`The header cannot be read. ${fault}`, { line });
  const header = readHeader(cells, shopLocale);
  if (typeof header === 'string') throw errors.INVALID_FILE(header, { line });
  return header;
};

/**
 * Reads a file into an import, batch by batch, after the rows that are in already. Those are only compared, by a hash over all rows so far: another file
 * under the same import is refused. Memory stays that of a batch, whatever the file's length.
 */
const readInto = async (
  context: CatalogContext,
  begun: ImportRow,
  body: Readable,
  errors: Errors,
): Promise<ImportRow> => {
  let state = begun;
  try {
    let header: Header | undefined;
    let fingerprint = '';
    let seen = 0;
    let batch: CsvRecord[] = [];
    for await (const record of readCsv(body)) {
      fingerprint = hashed(fingerprint, record.cells);
      if (!header) {
        header = headerOf(record, context.settings.locale, errors);
        continue;
      }
      seen += 1;
      if (seen === begun.rows && fingerprint !== begun.fingerprint) throw differentFile(begun, errors);
      if (seen <= begun.rows) continue;
      batch.push(record);
      if (batch.length === BATCH) {
        state = await nextState(context, state, header, batch, fingerprint, errors);
        batch = [];
      }
    }
    if (!header) throw errors.INVALID_FILE('The file is empty: it needs a header and rows.', { line: null });
    if (seen < begun.rows) throw differentFile(begun, errors);
    return batch.length > 0 ? await nextState(context, state, header, batch, fingerprint, errors) : state;
  } catch (error) {
    throw readingProblem(error, state, errors);
  }
};

const nextState = async (
  context: CatalogContext,
  state: ImportRow,
  header: Header,
  batch: readonly CsvRecord[],
  fingerprint: string,
  errors: Errors,
): Promise<ImportRow> => {
  const after = await importBatch(context, state, header, batch, fingerprint);
  if (!after) throw busy(state, errors);
  return after;
};

const busy = ({ id }: ImportRow, errors: Errors): Problem =>
  errors.IMPORT_BUSY(
    `The import ${id} is being sent by somebody else at this moment. Wait for that to end, then look at it with Get import.`,
    { importId: id },
  );

const differentFile = ({ id, committedLine }: ImportRow, errors: Errors): Problem =>
  errors.DIFFERENT_FILE(
    `The rows up to line ${committedLine} are not those that the import ${id} began with. Send the same file, or start a new import.`,
    { importId: id, committedLine },
  );

const readingProblem = (error: unknown, { id, committedLine }: ImportRow, errors: Errors): unknown => {
  if (error instanceof UnreadableCsv) {
    return errors.INVALID_FILE(
      committedLine > 0 ? `${error.message} Rows up to line ${committedLine} are in.` : error.message,
      { line: error.line },
    );
  }
  if (error instanceof BodyBrokeOff) {
    return errors.INTERRUPTED(
      `The file broke off; rows up to line ${committedLine} are in. Send it again to continue.`,
      { importId: id, committedLine },
    );
  }
  return error;
};

const complete = async (tx: CatalogTransaction, read: ImportRow, now: Date, errors: Errors): Promise<ImportRecord> => {
  const done: ImportRow = { ...read, state: 'completed', completedAt: now.toISOString() };
  if (!(await advanceImport(tx, read, done))) throw busy(read, errors);
  const { id, rows, accepted, rejected, created, updated } = done;
  tx.append('import.completed', id, { importId: id, rows, accepted, rejected, created, updated });
  return toRecord(done);
};
