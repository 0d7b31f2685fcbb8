/** One record read from a text: its cells, or why it cannot be read; `next` is where the next begins. */
export type ScannedRecord =
  | { kind: 'record'; cells: string[]; next: number }
  | { kind: 'bad'; reason: string; raw: string; next: number }
  /** The text ends before the record does: read on. */
  | { kind: 'more' };

export const STRAY_QUOTE =
  'There is a quotation mark inside this row that neither begins nor ends a cell. Write "" for it, inside a cell in quotes: "Pipe 5"" long".';
export const UNCLOSED_QUOTE = 'A cell of this row begins with a quotation mark and does not end with one.';
export const TOO_LONG = 'This row is longer than a row can be (256 KB).';

/** Longest record in characters: a quote that is never closed must not fill the memory with the rest of the file. */
const MAX_RECORD = 256 * 1024;

type Separator = ',' | ';' | '\t';

/**
 * Reads the record that begins at `from` (RFC 4180, with any line ends). A record that cannot be read costs its first
 * line only: reading goes on with the line after it, so that one stray quote never costs the good rows after it.
 * `final`: no more text comes.
 */
export const scanRecord = (text: string, from: number, separator: Separator, final: boolean): ScannedRecord => {
  const cells: string[] = [];
  const plain = new RegExp(`[${separator}\r\n"]`, 'g');
  let at = from;
  for (;;) {
    const cell = text[at] === '"' ? quotedCell(text, at, final) : plainCell(text, at, plain, final);
    if (cell === 'more') return text.length - from > MAX_RECORD ? bad(text, from, final, TOO_LONG) : { kind: 'more' };
    if ('fault' in cell) return bad(text, from, final, cell.fault);
    cells.push(cell.value);
    const after = text[cell.end];
    if (after === separator) at = cell.end + 1;
    else if (after === undefined) return { kind: 'record', cells, next: cell.end };
    else {
      const next = lineEnd(text, cell.end, final);
      if (after !== '\r' && after !== '\n') return bad(text, from, final, STRAY_QUOTE);
      return next === undefined ? { kind: 'more' } : { kind: 'record', cells, next };
    }
  }
};

type Cell = { value: string; end: number } | { fault: string } | 'more';

const plainCell = (text: string, from: number, plain: RegExp, final: boolean): Cell => {
  plain.lastIndex = from;
  const end = plain.exec(text)?.index;
  if (end === undefined) return final ? { value: text.slice(from), end: text.length } : 'more';
  return text[end] === '"' ? { fault: STRAY_QUOTE } : { value: text.slice(from, end), end };
};

const quotedCell = (text: string, from: number, final: boolean): Cell => {
  let value = '';
  for (let begin = from + 1; ;) {
    const quote = text.indexOf('"', begin);
    if (quote === -1) return final ? { fault: UNCLOSED_QUOTE } : 'more';
    value += text.slice(begin, quote);
    if (text[quote + 1] === undefined && !final) return 'more';
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    begin = quote + 2;
  }
};

/** Where the line that ends at `at` is followed by the next; undefined when that cannot be known yet. */
const lineEnd = (text: string, at: number, final: boolean): number | undefined => {
  if (text[at] === '\n') return at + 1;
  if (text[at + 1] === undefined && !final) return undefined;
  return text[at + 1] === '\n' ? at + 2 : at + 1;
};

const bad = (text: string, from: number, final: boolean, reason: string): ScannedRecord => {
  const end = /[\r\n]/g;
  end.lastIndex = from;
  const at = end.exec(text)?.index;
  if (at === undefined && !final && text.length - from <= MAX_RECORD) return { kind: 'more' };
  const next = at === undefined ? text.length : lineEnd(text, at, final);
  return next === undefined
    ? { kind: 'more' }
    : { kind: 'bad', reason, raw: text.slice(from, at ?? text.length), next };
};

/** Line ends in a text, \r\n counting once. */
export const linesIn = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;

const SEPARATORS: readonly Separator[] = [',', ';', '\t'];

export interface Dialect {
  separator: Separator;
  /** Where the header begins: after the line `sep=;` that spreadsheets write. */
  start: number;
}

/**
 * The separator of a file, from its first line: the one after `sep=`, else the most frequent there. European
 * spreadsheets write semicolons.
 */
export const dialectOf = (text: string): Dialect => {
  const declared = /^sep=([,;\t])(\r\n|\r|\n)/i.exec(text);
  const known = SEPARATORS.find((separator) => separator === declared?.[1]);
  if (declared && known) return { separator: known, start: declared[0].length };
  const header = /^[^\r\n]*/.exec(text)?.[0].replace(/"[^"]*"/g, '') ?? '';
  const counts = SEPARATORS.map((separator) => ({ separator, count: header.split(separator).length - 1 }));
  const [most] = counts.toSorted((left, right) => right.count - left.count);
  return { separator: most && most.count > 0 ? most.separator : ',', start: 0 };
};

/** Names the format of a file that is not text, by its first bytes; undefined for text. */
export const knownAsOther = (bytes: Uint8Array): string | undefined => {
  const begins = (...signature: number[]): boolean => signature.every((byte, index) => bytes[index] === byte);
  const instead = 'Open it in the spreadsheet, save it as CSV (UTF-8) and send that file.';
  if (begins(0x50, 0x4b, 0x03, 0x04))
    return `This is an Excel or other office file (.xlsx, .ods), not a CSV file. ${instead}`;
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) return `This is an Excel file of the old kind (.xls), not a CSV file. ${instead}`;
  if (begins(0x1f, 0x8b)) return 'This file is packed (gzip). Unpack it and send the CSV file.';
  if (begins(0x25, 0x50, 0x44, 0x46)) return 'This is a PDF file, not a CSV file.';
  return undefined;
};
