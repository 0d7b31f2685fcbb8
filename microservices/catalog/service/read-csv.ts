import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { dialectOf, knownAsOther, linesIn, scanRecord, type Dialect } from '../policy/import/csv.ts';

/** One record of a CSV body, with the line that it ends on. */
export interface CsvRecord {
  line: number;
  /** Its cells; of a row that cannot be read the one line as it stands. */
  cells: string[];
  /** Why the row cannot be read. */
  fault?: string;
  /** True where the file is written with decimal commas: its cells are not separated by commas. */
  decimalComma: boolean;
}

/** The body is not CSV: from this line (null: unknown) it cannot be read. */
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

/**
 * The records of a CSV body as they arrive, bad rows among them. Leaving the loop early discards the rest of the body,
 * so that a response can still be sent. Throws UnreadableCsv or BodyBrokeOff.
 */
export async function* readCsv(body: Readable): AsyncGenerator<CsvRecord> {
  let text = '';
  let line = 1;
  let dialect: Dialect | undefined;
  for await (const { part, final } of textOf(body)) {
    text += part;
    // The first line shows how cells are separated: wait for it, or for as much as a row can be.
    if (!dialect && !final && !/[\r\n]./s.test(text) && text.length < 256 * 1024) continue;
    let at = 0;
    if (!dialect) {
      dialect = dialectOf(text);
      at = dialect.start;
      line += linesIn(text.slice(0, at));
    }
    while (at < text.length) {
      const scanned = scanRecord(text, at, dialect.separator, final);
      if (scanned.kind === 'more') break;
      const lines = linesIn(text.slice(at, scanned.next));
      const endsOn = line + Math.max(0, lines - 1);
      const cells = scanned.kind === 'record' ? scanned.cells : [scanned.raw];
      const decimalComma = dialect.separator !== ',';
      line += lines;
      at = scanned.next;
      if (scanned.kind === 'bad') yield { line: endsOn, cells, fault: scanned.reason, decimalComma };
      else if (cells.some((cell) => cell.trim() !== '')) yield { line: endsOn, cells, decimalComma };
    }
    text = text.slice(at);
  }
}

/**
 * The body as text, by its byte order mark: UTF-16, which spreadsheets call Unicode text, else UTF-8. The last part is
 * marked as final.
 */
async function* textOf(body: Readable): AsyncGenerator<{ part: string; final: boolean }> {
  let begun: Buffer = Buffer.alloc(0);
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunksOf(body)) {
    begun = decoder ? chunk : Buffer.concat([begun, chunk]);
    if (!decoder && begun.length < 4) continue;
    decoder ??= decoderFor(begun);
    yield { part: decoder.decode(begun, { stream: true }), final: false };
  }
  yield { part: decoder ? decoder.decode() : decoderFor(begun).decode(begun), final: true };
}

const decoderFor = (begin: Buffer): TextDecoder => {
  const other = knownAsOther(begin);
  if (other !== undefined) throw new UnreadableCsv(other, null);
  const utf16 = begin[0] === 0xff && begin[1] === 0xfe;
  return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8');
};

async function* chunksOf(body: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (error) {
    throw new BodyBrokeOff('the body broke off', { cause: error });
  } finally {
    body.resume();
  }
}
