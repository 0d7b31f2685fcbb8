import fc from 'fast-check';
import type { z } from 'zod';
import {
  newAddress,
  country,
  currency,
  email,
  freeData,
  id,
  languageTag,
  line,
  metadata,
  money,
  nonNegativeMoney,
  positiveMoney,
  reference,
  sku,
  text,
  timestamp,
} from './values.ts';
import { decimalsOf } from './iso.ts';

const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;
const messageFor = (schema: z.ZodType, value: unknown): string | undefined =>
  schema.safeParse(value).error?.issues[0]?.message;

describe('money', () => {
  test('takes every exact number of minor units and nothing else', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (amount) => accepts(money, { amount, currency: 'EUR' })));
    for (const amount of [0.5, Number.NaN, Infinity, 2 ** 53, '1', null]) {
      expect(accepts(money, { amount, currency: 'EUR' })).toBe(false);
    }
  });

  test('zero or more and more than zero are told apart, in words', () => {
    expect(messageFor(nonNegativeMoney, { amount: -1, currency: 'EUR' })).toBe('an amount here cannot be negative');
    expect(accepts(nonNegativeMoney, { amount: 0, currency: 'EUR' })).toBe(true);
    expect(messageFor(positiveMoney, { amount: 0, currency: 'EUR' })).toBe('an amount here must be more than zero');
    expect(accepts(positiveMoney, { amount: 1, currency: 'EUR' })).toBe(true);
  });

  test('a currency is three capital letters, to the last character', () => {
    expect(accepts(currency, 'EUR')).toBe(true);
    for (const wrong of ['eur', 'EU', 'EURO', 'EUR\n', ' EUR', '€', '']) expect(accepts(currency, wrong)).toBe(false);
  });

  test('a currency is one of ISO 4217', () => {
    for (const wrong of ['XYZ', 'AAA', 'BTC', 'XXX', 'XAU']) expect(accepts(currency, wrong)).toBe(false);
    expect(messageFor(currency, 'BTC')).toBe('BTC is not a currency of ISO 4217; write for example EUR');
  });

  test('the list of currencies is the one that the runtime knows, as far as both are money', () => {
    const unitsOfAccount = new Set(['XDR', 'XSU']);
    const missing = Intl.supportedValuesOf('currency').filter(
      (code) => !unitsOfAccount.has(code) && !accepts(currency, code),
    );
    expect(missing).toEqual([]);
    expect(['EUR', 'JPY', 'KWD', 'ISK', 'IQD', 'CLF'].map(decimalsOf)).toEqual([2, 0, 3, 0, 3, 4]);
  });
});

describe('identifiers and references', () => {
  test('an id carries its prefix and 32 hexadecimal digits', () => {
    const order = id('ord');
    expect(accepts(order, `ord_${'0a'.repeat(16)}`)).toBe(true);
    for (const wrong of [
      `cus_${'0a'.repeat(16)}`,
      `ord_${'0A'.repeat(16)}`,
      `ord_${'0'.repeat(31)}`,
      `ord_${'0'.repeat(32)}\n`,
      'ord_',
    ]) {
      expect(accepts(order, wrong)).toBe(false);
    }
    expect(messageFor(order, 'x')).toContain('ord_');
  });

  test('a reference is short, printable and without spaces', () => {
    expect(accepts(reference, 'SKU-1/äöü'.slice(0, 6))).toBe(true);
    expect(accepts(reference, 'x'.repeat(120))).toBe(true);
    for (const wrong of ['', 'a b', 'ä', 'a\u0000', 'x'.repeat(121), 'a\n'])
      expect(accepts(reference, wrong)).toBe(false);
  });
});

describe('text', () => {
  test('is trimmed before it is measured', () => {
    expect(text(3).parse('  abc ')).toBe('abc');
    expect(messageFor(text(3), '   ')).toBe('this text cannot be empty');
    expect(messageFor(text(3), 'abcd')).toBe('this text can be 3 characters at most');
  });

  test('whatever it lets through can be stored as UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (given) => {
        const parsed = text(30).safeParse(given);
        if (!parsed.success) return;
        expect(Buffer.from(parsed.data, 'utf8').toString('utf8')).toBe(parsed.data);
        expect(parsed.data).not.toContain('\u0000');
      }),
    );
  });

  test('NUL and half of a surrogate pair are refused, whole pairs are not', () => {
    expect(accepts(text(10), 'a\u0000b')).toBe(false);
    expect(accepts(text(10), 'a\ud83d')).toBe(false);
    expect(accepts(text(10), 'a😀')).toBe(true);
  });
});

describe('timestamp', () => {
  test('takes every moment that toISOString writes for the years 1900 to 9999', () => {
    const moments = fc.date({
      min: new Date('1900-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(moments, (moment) => accepts(timestamp, moment.toISOString())));
  });

  test('refuses days that do not exist, other zones and years outside', () => {
    for (const wrong of [
      '2026-02-30T00:00:00Z',
      '2025-02-29T00:00:00Z',
      '2026-01-01',
      '2026-01-01T24:00:00Z',
      '2026-01-01T00:00:00+25:00',
      '1900-01-01T00:00:00+01:00',
      '9999-12-31T23:59:59-01:00',
      '0000-01-01T00:00:00Z',
      '1899-12-31T23:59:59Z',
      'now',
    ]) {
      expect(accepts(timestamp, wrong)).toBe(false);
    }
    expect(messageFor(timestamp, 'tomorrow')).toContain('2026-11-23T10:00:00Z');
  });

  test('a moment with an offset comes out in UTC, its fraction kept', () => {
    expect(timestamp.parse('2026-03-29T02:30:00+02:00')).toBe('2026-03-29T00:30:00Z');
    expect(timestamp.parse('2026-01-01T00:00:00.123456-05:30')).toBe('2026-01-01T05:30:00.123456Z');
    expect(timestamp.parse('2026-01-01T00:00:00.5Z')).toBe('2026-01-01T00:00:00.5Z');
  });

  test('with any offset it is the same moment', () => {
    const moments = fc.integer({ min: Date.UTC(1901), max: Date.UTC(9998) });
    const offsets = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(moments, offsets, (moment, minutes) => {
        const at = (part: number): string => String(Math.floor(part)).padStart(2, '0');
        const sign = minutes < 0 ? '-' : '+';
        const wall = new Date(moment + minutes * 60_000).toISOString().replace('Z', '');
        const given = `${wall}${sign}${at(Math.abs(minutes) / 60)}:${at(Math.abs(minutes) % 60)}`;
        expect(timestamp.parse(given)).toBe(new Date(moment).toISOString());
      }),
    );
  });
});

describe('email, country, address, metadata', () => {
  test('an e-mail address is compared in lower case and without spaces around it', () => {
    expect(email.parse('  Ada@Example.ORG ')).toBe('ada@example.org');
    for (const wrong of [
      'ada',
      'ada@',
      '@example.org',
      'a b@example.org',
      'a\u0000@example.org',
      `${'a'.repeat(250)}@example.org`,
      `${'a'.repeat(65)}@example.org`,
      'a..b@example.org',
      '.a@example.org',
      'a@example',
      'a@-example.org',
      'a@exa_mple.org',
      'a@b@example.org',
      'a@example.org.',
      'a@1.2.3.4',
    ]) {
      expect([wrong, accepts(email, wrong)]).toEqual([wrong, false]);
    }
    expect(messageFor(email, `${'a'.repeat(65)}@example.org`)).toContain('64 characters');
  });

  test('every letter that RFC 5322 allows may stand before the @, up to 64 of them', () => {
    for (const local of ['a&b', 'a/b', 'a=b', 'a+b', "o'neil", '!#$%&*?^_`{|}~', 'a'.repeat(64)])
      expect(email.parse(`${local}@example.org`)).toBe(`${local}@example.org`);
  });

  test('letters of every script may stand before the @ (RFC 6531), in one form, up to 64 octets', () => {
    for (const written of ['jörg@münchen.de', 'JÖRG@münchen.de', 'jo\u0308rg@xn--mnchen-3ya.de', 'ｊörg@münchen.de'])
      expect(email.parse(written)).toBe('jörg@xn--mnchen-3ya.de');
    expect(email.parse('用户@例え.jp')).toBe('用户@xn--r8jz45g.jp');
    expect(email.parse(`${'ö'.repeat(32)}@example.org`)).toHaveLength(44);
    const wrong = ['ö'.repeat(33), 'a\u200bb', 'a\u00a0b', 'a\u0085b', 'a\u202eb', 'ö..ä'];
    for (const local of wrong) expect([local, accepts(email, `${local}@example.org`)]).toEqual([local, false]);
  });

  test('an international domain has one form, however it is written', () => {
    const ascii = 'info@xn--mnchen-3ya.de';
    for (const written of ['info@münchen.de', 'INFO@MÜNCHEN.DE', 'info@mu\u0308nchen.de', ascii])
      expect(email.parse(written)).toBe(ascii);
    expect(email.parse(ascii)).toBe(ascii);
  });

  test('whatever is taken as an address is its own form', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (given) => {
        const read = email.safeParse(given);
        if (read.success) expect(email.parse(read.data)).toBe(read.data);
      }),
    );
  });

  test('a country is two capital letters', () => {
    expect(accepts(country, 'DE')).toBe(true);
    for (const wrong of ['de', 'D', 'DEU', 'DE\n']) expect(accepts(country, wrong)).toBe(false);
  });

  test('a country is one of ISO 3166-1; for what people write instead the code that is meant is named', () => {
    for (const wrong of ['ZZ', 'XX', 'UK', 'EL', 'EU', 'AA', 'SU'])
      expect([wrong, accepts(country, wrong)]).toEqual([wrong, false]);
    expect(messageFor(country, 'UK')).toBe('UK is not a country code of ISO 3166-1: write GB');
    expect(messageFor(country, 'EL')).toBe('EL is not a country code of ISO 3166-1: write GR');
  });

  test('the list of countries is the one that the runtime knows, without reserved and withdrawn codes', () => {
    const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
    const reserved = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ'.split(' '));
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const known = letters
      .flatMap((first) => letters.map((second) => first + second))
      .filter((code) => names.of(code) !== undefined && !reserved.has(code))
      .filter(
        (code) =>
          new Intl.Locale(`und-${code}`).maximize().region === code &&
          Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`,
      );
    expect(known.filter((code) => !accepts(country, code))).toEqual([]);
    expect(known.length).toBeGreaterThanOrEqual(249);
  });

  test('a locale is put into the form of BCP 47', () => {
    const given = ['de_DE', 'pt-br', 'EN', 'zh_hant_tw', 'es-419', ' fr '];
    expect(given.map((tag) => languageTag.parse(tag))).toEqual(['de-DE', 'pt-BR', 'en', 'zh-Hant-TW', 'es-419', 'fr']);
    for (const wrong of ['', 'd', 'german', 'de-', 'de--DE', 'de-DE-1996', 'en-GBR'])
      expect([wrong, accepts(languageTag, wrong)]).toEqual([wrong, false]);
  });

  test('a SKU may have spaces and letters of any script, and has one form', () => {
    for (const label of ['AB 12', 'GRÖSSE-M', '茶-1', 'a/b%c', 'x'.repeat(64)]) expect(sku.parse(label)).toBe(label);
    expect(sku.parse(' GRO\u0308SSE-M ')).toBe('GRÖSSE-M');
    for (const wrong of ['', ' ', 'a\nb', 'a\tb', 'a\u0000', 'a\u202eb', 'a\ud800', 'x'.repeat(65)])
      expect([wrong, accepts(sku, wrong)]).toEqual([wrong, false]);
  });

  test('a single line has no line break', () => {
    for (const wrong of ['a\r\nb', 'a\nb', 'a\u2028b', 'a\tb', 'a\u001bb', 'a\u0085b']) {
      expect(messageFor(line(10), wrong)).toBe('this has to be one line: take out the line break or control character');
      expect(accepts(newAddress, { name: 'Ada', line1: wrong, city: 'Berlin', postalCode: '1', country: 'DE' })).toBe(
        false,
      );
    }
  });

  test.each([
    ['HK', { city: 'Kowloon' }],
    ['AE', {}],
    ['IE', { city: 'Dublin' }],
    ['SG', { postalCode: '018956' }],
    ['DE', { city: 'Berlin', postalCode: '10115' }],
    ['PA', { city: 'Panamá' }],
  ])('an address in %s needs no more than it has there', (code, parts) => {
    const given = { name: 'Ada', line1: 'Street 1', country: code, ...parts };
    expect(newAddress.parse(given)).toEqual({ city: '', postalCode: '', ...given });
  });

  test('an address in Germany needs name, line, city, postal code and country, and keeps nothing else', () => {
    const whole = { name: 'Ada', line1: 'Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
    expect(newAddress.parse({ ...whole, secret: 'x' })).toEqual(whole);
    for (const missing of Object.keys(whole)) {
      const partial = Object.fromEntries(Object.entries(whole).filter(([key]) => key !== missing));
      expect(newAddress.safeParse(partial).error?.issues[0]?.path).toEqual([missing]);
    }
    expect(messageFor(newAddress, { ...whole, postalCode: '' })).toBe('an address in DE needs a postal code');
  });

  test('a bag of metadata has 50 short texts at most and cannot reach a prototype', () => {
    const bag = (entries: number) =>
      Object.fromEntries(Array.from({ length: entries }, (_, index) => [`key${index}`, 'x']));
    expect(accepts(metadata, bag(50))).toBe(true);
    expect(accepts(metadata, bag(51))).toBe(false);
    expect(accepts(metadata, { key: { nested: 1 } })).toBe(false);
    expect(accepts(metadata, { 'a\u0000': 'x' })).toBe(false);
    const parsed = metadata.parse(JSON.parse('{"__proto__":"x","a":"b"}'));
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(parsed['a']).toBe('b');
  });
});

describe('free data', () => {
  const data = freeData({ bytes: 100, levels: 3 });

  test('is any JSON object within its bounds', () => {
    for (const good of [{}, { a: [1, null, true, 'ü👍'] }, { a: { b: { c: 1 } } }, { toString: 1 }])
      expect(data.parse(good)).toEqual(good);
    expect(messageFor(data, { a: { b: { c: { d: 1 } } } })).toBe('data can be nested 3 levels deep at most');
    expect(messageFor(data, { a: 'x'.repeat(100) })).toMatch(/^data can be 100 bytes of JSON at most/);
    expect(messageFor(data, { a: 'é'.repeat(50) })).toMatch(/^data can be 100 bytes of JSON at most/);
  });

  test('holds no text that no database stores, as a key or a value, at any depth', () => {
    const STORED = 'data contains a NUL character or half of a surrogate pair';
    for (const evil of ['a\u0000', '\ud800', '\udc00\ud800'])
      for (const bad of [{ a: evil }, { [evil]: 1 }, { a: [{ b: evil }] }, { a: { [evil]: 1 } }])
        expect(messageFor(data, bad)).toBe(STORED);
  });

  test('may be nested deeper than any stack', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`) as object;
    expect(messageFor(data, deep)).toBe('data can be nested 3 levels deep at most');
  });
});
