import fc from 'fast-check';
import type { z } from 'zod';
import {
  address,
  country,
  currency,
  email,
  id,
  metadata,
  money,
  nonNegativeMoney,
  positiveMoney,
  reference,
  text,
  timestamp,
} from './values.ts';

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
      '2026-01-01T00:00:00+01:00',
      '0000-01-01T00:00:00Z',
      '1899-12-31T23:59:59Z',
      'now',
    ]) {
      expect(accepts(timestamp, wrong)).toBe(false);
    }
    expect(messageFor(timestamp, 'tomorrow')).toContain('2026-11-23T10:00:00Z');
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
    ]) {
      expect(accepts(email, wrong)).toBe(false);
    }
  });

  test('a country is two capital letters', () => {
    expect(accepts(country, 'DE')).toBe(true);
    for (const wrong of ['de', 'D', 'DEU', 'DE\n']) expect(accepts(country, wrong)).toBe(false);
  });

  test('an address needs name, line, city, postal code and country, and keeps nothing else', () => {
    const whole = { name: 'Ada', line1: 'Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
    expect(address.parse({ ...whole, secret: 'x' })).toEqual(whole);
    for (const missing of Object.keys(whole)) {
      const partial = Object.fromEntries(Object.entries(whole).filter(([key]) => key !== missing));
      expect(address.safeParse(partial).error?.issues[0]?.path).toEqual([missing]);
    }
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
