import type { Readable } from 'node:stream';
import { CsvError, parse, type Info } from 'csv-parse';

/** One record of a CSV body, with the line that it ends on. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

/** The body is not CSV: from this line on (null: unknown) it cannot be read. */
export class UnreadableCsv extends Error {
  readonly line: number | null;
  constructor(message: string, line: number | null) {
    super(message);
    this.name = 'UnreadableCsv';
    this.line = line;
  }
}

/** The sender went away before the body's end. */
export class BodyBrokeOff extends Error {}

/** Longest record in bytes: a quote that is never closed must not fill the memory with the rest of the file. */
const MAX_RECORD = 256 * 1024;

/**
 * The records of a CSV body as they arrive. Leaving the loop early discards the rest of the body, so that an answer can still be sent. Throws
 * UnreadableCsv or BodyBrokeOff.
 */
export async function* readCsv(body: Readable): AsyncGenerator<CsvRecord> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
  });
  const breakOff = (): void => {
    if (!body.readableEnded) parser.destroy(new BodyBrokeOff('the body broke off'));
  };
  body.once('error', breakOff).once('close', breakOff);
  body.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>)
      yield { line: info.lines, cells: record };
  } catch (error) {
    throw error instanceof CsvError ? new UnreadableCsv(error.message, lineOf(error)) : error;
  } finally {
    body.off('error', breakOff).off('close', breakOff);
    body.unpipe(parser);
    body.resume();
  }
}

const lineOf = (error: CsvError): number | null =>
  'lines' in error && typeof error.lines === 'number' ? error.lines : null;
