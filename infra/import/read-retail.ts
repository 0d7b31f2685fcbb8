import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PassThrough, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse, type Info } from 'csv-parse';
import { RETAIL_COLUMNS, type RawRetailLine } from './retail-lines.ts';

/**
 * Where the file lies: DATA_DIR, or the folder of shared data beside the repository. Throws, saying what to do, when it
 * is absent.
 */
export const retailFile = async (dataFolder = process.env.DATA_DIR ?? '../shared/data'): Promise<string> => {
  const file = path.resolve(dataFolder, 'online-retail', 'online-retail-40k.csv.gz');
  try {
    await access(file);
    return file;
  } catch (error) {
    throw new Error(
      `${file} is not there. Set DATA_DIR to the folder that holds online-retail/online-retail-40k.csv.gz.`,
      { cause: error },
    );
  }
};

/**
 * The lines of a file (.csv or .csv.gz), read as a stream, in order, each with its number. Throws when the header is
 * another.
 */
export async function* readRetailLines(file: string): AsyncGenerator<RawRetailLine> {
  const parser = parse({ relax_column_count: true, relax_quotes: true, skip_empty_lines: true, bom: true, info: true });
  const stages: [Readable, ...NodeJS.ReadWriteStream[]] = [
    createReadStream(file),
    file.endsWith('.gz') ? createGunzip() : new PassThrough(),
    parser,
  ];
  // The loop below meets every failure through the parser, which the pipeline destroys with it.
  const fed = pipeline(stages).catch(() => undefined);
  let first = true;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
    if (first) {
      first = false;
      requireColumns(file, record);
    } else {
      yield { line: info.lines, fields: record };
    }
  }
  await fed;
}

const requireColumns = (file: string, header: readonly string[]): void => {
  if (header.join() === RETAIL_COLUMNS.join()) return;
  throw new Error(`${file} has the columns ${header.join(', ').slice(0, 300)}; expected ${RETAIL_COLUMNS.join(', ')}.`);
};
