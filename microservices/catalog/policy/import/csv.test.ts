import fc from 'fast-check';
import { dialectOf, knownAsOther, linesIn, scanRecord, STRAY_QUOTE, UNCLOSED_QUOTE } from './csv.ts';

/** Every record of a text, a bad one as its reason. */
const records = (text: string, separator: ',' | ';' | '\t' = ','): (string[] | string)[] => {
  const all: (string[] | string)[] = [];
  for (let at = 0; at < text.length;) {
    const scanned = scanRecord(text, at, separator, true);
    if (scanned.kind === 'more') throw new Error('a final text was not read to its end');
    all.push(scanned.kind === 'record' ? scanned.cells : scanned.reason);
    at = scanned.next;
  }
  return all;
};

const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', 'é', ' '), maxLength: 6 });
const written = (value: string): string => `"${value.replaceAll('"', '""')}"`;

describe('records of a file', () => {
  test('whatever is written by the rules is read as it was, with any line ends', () => {
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n', '\r'), (given, end) => {
        const text = given.map((row) => row.map(written).join(',')).join(end);
        expect(records(text)).toEqual(given);
      }),
    );
  });

  test('a text that arrives in parts is read like one that is whole', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r'), maxLength: 30 });
    fc.assert(
      fc.property(texts, fc.nat(30), (text, cut) => {
        const whole = scanRecord(text, 0, ',', true);
        const part = scanRecord(text.slice(0, cut), 0, ',', false);
        if (text !== '' && part.kind !== 'more') expect(part).toEqual(whole);
      }),
    );
  });

  test('a stray quote costs its own row, wherever it stands', () => {
    expect(records('a,b\nc,Pipe 5" long\nd,e\n')).toEqual([['a', 'b'], STRAY_QUOTE, ['d', 'e']]);
    expect(records('a,b\nc,"Pipe 5" long"\nd,e\n')).toEqual([['a', 'b'], STRAY_QUOTE, ['d', 'e']]);
    expect(records('a,b\nc,"Pipe 5\nd,e\nf,g\n')).toEqual([['a', 'b'], UNCLOSED_QUOTE, ['d', 'e'], ['f', 'g']]);
    expect(records('a,b\nc,"Pipe 5\nd,"e"\nf,g')).toEqual([['a', 'b'], STRAY_QUOTE, ['d', 'e'], ['f', 'g']]);
  });

  test('a quote that is never closed stops no long file', () => {
    const many = 'd,e\n'.repeat(100_000);
    const scanned = scanRecord(`c,"Pipe\n${many}`, 0, ',', false);
    expect(scanned).toMatchObject({ kind: 'bad', raw: 'c,"Pipe', next: 8 });
  });

  test('lines are counted once, whatever ends them', () => {
    expect(linesIn('a\r\nb\nc\rd')).toBe(3);
  });
});

describe('what a file is', () => {
  test.each([
    ['sku,title\n', ',', 0],
    ['sku;title;price\nA;Tea, green;1,50', ';', 0],
    ['sku\ttitle\n', '\t', 0],
    ['sep=;\r\nsku;title', ';', 7],
    ['sku', ',', 0],
    ['"a;b;c",d\n', ',', 0],
  ])('%j is separated by %j', (text, separator, start) => {
    expect(dialectOf(text)).toEqual({ separator, start });
  });

  test('other files are known by their first bytes', () => {
    expect(knownAsOther(Buffer.from('PK\u0003\u0004'))).toContain('Excel');
    expect(knownAsOther(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))).toContain('.xls');
    expect(knownAsOther(Buffer.from('sku,'))).toBeUndefined();
  });
});
