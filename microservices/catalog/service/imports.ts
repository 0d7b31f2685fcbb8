import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { id as idOf, timestamp } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command, type CommandRequest } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { Problem } from '../../chassis/problem.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { ImportRecord, importOperations } from '../contract/imports.ts';
import { readHeader, type Header } from '../policy/import/columns.ts';
import {
  advanceImport,
  beginImport,
  findImport,
  forgetUnbegun,
  listImports,
  listRejections,
  type ImportRow,
} from '../store/imports.ts';
import { importBatch } from './import-batch.ts';
import { missing } from './missing.ts';
import { BodyBrokeOff, readCsv, UnreadableCsv, type CsvRecord } from './read-csv.ts';

type Names = 'importProducts' | 'resumeImport' | 'getImport' | 'listImports' | 'listRejectedRows';
type Errors = Failures<'importProducts'>;

/** Rows a transaction. */
const BATCH = 500;

export const importHandlers = (context: Context): Pick<Handlers, Names> => {
  const { database, now } = context;
  return {
    importProducts: command({
      prepare: (_input, request) => readNew(context, request),
      commit: (tx, _input, { errors }, read) => complete(tx, read, now(), errors),
    }),

    resumeImport: command({
      prepare: async ({ importId }, { body, errors }) => {
        const begun = await findImport(database, importId);
        if (!begun) throw errors.NOT_FOUND(missing.import(importId));
        if (begun.state === 'running') return readInto(context, begun, body, errors);
        body.resume();
        return begun;
      },
      commit: async (tx, _input, { errors }, read) =>
        read.state === 'running' ? complete(tx, read, now(), errors) : toRecord(read),
    }),

    getImport: async ({ importId }, { errors }) => {
      const found = await findImport(database, importId);
      if (!found) throw errors.NOT_FOUND(missing.import(importId));
      return toRecord(found);
    },

    listImports: async ({ limit, cursor, state }) => {
      const before = readCursor(cursor, z.tuple([timestamp, idOf('imp')]));
      return toPage(
        await listImports(database, state, before, limit + 1),
        limit,
        (row) => [row.startedAt, row.id],
        toRecord,
      );
    },

    listRejectedRows: async ({ importId, limit, cursor }, { errors }) => {
      if (!(await findImport(database, importId))) throw errors.NOT_FOUND(missing.import(importId));
      const after = readCursor(cursor, z.tuple([z.int32(), z.int32()]));
      const rows = await listRejections(database, importId, after, limit + 1);
      return toPage(
        rows,
        limit,
        (row) => [row.line, row.ordinal],
        ({ ordinal: _ordinal, ...rejection }) => rejection,
      );
    },
  };
};

/** Begins an import, or goes on with the one that the same request began, and reads the whole file into it. */
const readNew = async (
  context: Context,
  { caller, body, derivedKey, errors }: CommandRequest<(typeof importOperations)['importProducts']>,
): Promise<ImportRow> => {
  const requestKey = createHash('sha256')
    .update(`${caller.kind}:${caller.id}\0${derivedKey('import')}`)
    .digest('base64url');
  const begun = await context.commit((tx) => beginImport(tx, newId('imp'), requestKey, context.now()));
  try {
    return await readInto(context, begun, body, errors);
  } catch (error) {
    if (error instanceof Problem && error.code === 'INVALID_FILE') await forgetUnbegun(context.database, begun.id);
    throw error;
  }
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
 * Reads a file into an import, batch by batch, after the rows that are saved already. Those are only compared, by a
 * hash over all rows so far: another file under the same import is refused. Memory stays that of a batch, whatever the
 * file's length.
 */
const readInto = async (context: Context, begun: ImportRow, body: Readable, errors: Errors): Promise<ImportRow> => {
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
  context: Context,
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
    `The import ${id} is running already: another request is sending the file. Wait until it ends, then check it with Get import.`,
    { importId: id },
  );

const differentFile = ({ id, committedLine }: ImportRow, errors: Errors): Problem =>
  errors.DIFFERENT_FILE(
    `The rows up to line ${committedLine} differ from those that import ${id} has read. Send the same file, or start a new import.`,
    { importId: id, committedLine },
  );

const readingProblem = (error: unknown, { id, committedLine }: ImportRow, errors: Errors): unknown => {
  if (error instanceof UnreadableCsv) {
    return errors.INVALID_FILE(
      committedLine > 0 ? `${error.message} Rows up to line ${committedLine} are saved.` : error.message,
      { line: error.line },
    );
  }
  if (error instanceof BodyBrokeOff) {
    return errors.INTERRUPTED(
      `The upload was interrupted; rows up to line ${committedLine} are saved. Send the file again to continue.`,
      { importId: id, committedLine },
    );
  }
  return error;
};

const complete = async (tx: Tx, read: ImportRow, now: Date, errors: Errors): Promise<ImportRecord> => {
  const done: ImportRow = { ...read, state: 'completed', completedAt: now.toISOString() };
  if (!(await advanceImport(tx, read, done))) throw busy(read, errors);
  const { id, rows, accepted, rejected, created, updated } = done;
  tx.append('import.completed', id, { importId: id, rows, accepted, rejected, created, updated });
  return toRecord(done);
};
