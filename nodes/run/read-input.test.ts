import fc from 'fast-check';
import { utcMoment } from './moment.ts';
import { readInput, type FormValues } from './read-input.ts';
import type { Field, Route, Shape } from './route.ts';

const route = (fields: Field[], collection: Field[] = []): Route => ({
  method: 'POST',
  path: '/v1/things',
  fields,
  collection: { name: 'additionalFields', fields: collection },
  command: true,
  subject: [],
  answer: 'one',
});
const field = (name: string, shape: Shape, more: Partial<Field> = {}): Field => ({
  name,
  label: name.toUpperCase(),
  shape,
  ...more,
});

const readWhole = (of: Route, values: Record<string, unknown>, more: Partial<FormValues> = {}) =>
  readInput(of, {
    parameter: (name) => values[name] ?? null,
    raw: (name) => values[name] ?? null,
    zone: 'UTC',
    unit: 'minor',
    evaluate: () => undefined,
    ...more,
  });
const read = (of: Route, values: Record<string, unknown>, more: Partial<FormValues> = {}) => {
  const { input, problems } = readWhole(of, values, more);
  expect(problems).toEqual([]);
  return input;
};
const faults = (of: Route, values: Record<string, unknown>, more: Partial<FormValues> = {}) =>
  readWhole(of, values, more).problems.map(({ label, message }) => `${label}: ${message}`);

test('whatever is typed reaches the request as it is; what is left empty does not', () => {
  const one = route([field('a', { as: 'value' })], [field('b', { as: 'value' })]);
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean()),
      (a, b) => {
        expect(read(one, { a, additionalFields: { b } })).toEqual({ a, b });
      },
    ),
  );
  expect(read(one, { a: '', additionalFields: {} })).toEqual({});
});

test('a resource locator is its value, in the form and in a collection', () => {
  const one = route([field('a', { as: 'value' })], [field('b', { as: 'value' })]);
  const located = (value: string) => ({ __rl: true, mode: 'id', value });
  expect(read(one, { a: located('x'), additionalFields: { b: located('y') } })).toEqual({ a: 'x', b: 'y' });
});

test('null is sent where the contract takes it: cleared on purpose, or asked for and not given', () => {
  const cleared = route([], [field('a', { as: 'value', nullable: true })]);
  expect(read(cleared, { additionalFields: { a: '' } })).toEqual({ a: null });
  expect(read(cleared, { additionalFields: {} })).toEqual({});
  expect(read(route([], [field('a', { as: 'value', nullable: true }, { elseNull: true })]), {})).toEqual({
    a: null,
  });
});

test('rows come from the fields or from JSON, and empty rows of the editor are not sent', () => {
  const lines = route([
    field('lines', { as: 'rows', row: 'line', json: 'linesJson', fields: [field('sku', { as: 'value' })] }),
  ]);
  const rows = { line: [{ sku: 'A' }, { sku: '' }] };
  expect(read(lines, { linesInput: 'fields', lines: rows, linesJson: '[{"sku":"B"}]' })).toEqual({
    lines: [{ sku: 'A' }],
  });
  expect(read(lines, { linesInput: 'json', lines: rows, linesJson: '[{"sku":"B"}]' })).toEqual({
    lines: [{ sku: 'B' }],
  });
  expect(read(lines, { linesInput: 'json', linesJson: [{ sku: 'C' }] })).toEqual({ lines: [{ sku: 'C' }] });
  expect(faults(lines, { linesInput: 'json', linesJson: '[{' })).toEqual([
    expect.stringMatching(/^LINES: The JSON cannot be read/) as string,
  ]);
});

test('money is exact, from two fields or one amount', () => {
  const one = route(
    [field('price', { as: 'money', currency: 'priceCurrency' })],
    [field('fee', { as: 'money', currency: 'feeCurrency' })],
  );
  fc.assert(
    fc.property(fc.maxSafeInteger(), (amount) => {
      const whole = { amount, currency: 'EUR' };
      expect(read(one, { price: amount, priceCurrency: ' eur ' })).toEqual({ price: whole });
      expect(read(one, { price: whole })).toEqual({ price: whole });
      expect(read(one, { additionalFields: { fee: { money: { fee: amount, feeCurrency: 'EUR' } } } })).toEqual({
        fee: whole,
      });
    }),
  );
});

describe('amounts as people write them', () => {
  const price = route(
    [field('price', { as: 'money', currency: 'priceCurrency' }, { required: true })],
    [field('fee', { as: 'money', currency: 'feeCurrency' })],
  );
  const major = { unit: 'major', shopCurrency: 'EUR' } as const;

  test.each([
    [19.99, 'EUR', 1999],
    ['19.99', 'EUR', 1999],
    [0.1 + 0.2, 'EUR', 30],
    [19.9, '', 1990],
    [500, 'JPY', 500],
    [1.234, 'KWD', 1234],
    [-3, 'EUR', -300],
  ])('%p %s are %p minor units', (amount, currency, minor) => {
    const values = { price: amount, priceCurrency: { __rl: true, mode: 'list', value: currency } };
    expect(read(price, values, major)).toEqual({ price: { amount: minor, currency: currency || 'EUR' } });
  });

  test('every exact amount survives', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (minor) => {
        const digits = String(Math.abs(minor)).padStart(3, '0');
        const written = `${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
        expect(read(price, { price: written }, major)).toEqual({ price: { amount: minor, currency: 'EUR' } });
      }),
    );
  });

  test.each([
    [19.999, 'EUR', '19.999 EUR has 3 decimals, and EUR has 2. Round it.'],
    [5.5, 'JPY', '5.5 JPY has 1 decimals, and JPY has none. Round it.'],
    ['1.234,50', 'EUR', 'write it with a point and without separators'],
    ['a lot', 'EUR', '"a lot" is not an amount.'],
    [{ amount: 1, currency: 'USD' }, 'EUR', 'The amount is in "USD", and the currency beside it is EUR.'],
  ])('%p %s is refused in words', (amount, currency, words) => {
    expect(faults(price, { price: amount, priceCurrency: currency }, major)).toEqual([
      expect.stringContaining(words) as string,
    ]);
  });

  test('without a currency the shop’s own is asked for, once it is needed', () => {
    expect(readWhole(price, { price: 5 }, { unit: 'major' })).toEqual({
      input: {},
      problems: [],
      needsShopCurrency: true,
    });
    expect(readWhole(price, { price: { amount: 5, currency: 'USD' } }, { unit: 'major' }).needsShopCurrency).toBe(
      false,
    );
    expect(faults(price, { price: 0 }, major)).toEqual(['PRICE: It is empty, and the operation needs it.']);
    expect(read(price, { price: 1, additionalFields: { fee: { money: { fee: 0 } } } }, major)).toEqual({
      price: { amount: 100, currency: 'EUR' },
      fee: { amount: 0, currency: 'EUR' },
    });
  });

  test('the bare number of an amount is the whole amount; calculating with it is refused, unless it is divided', () => {
    const total = { amount: 1999, currency: 'USD' };
    const of = (raw: string, value: unknown) => ({
      ...major,
      raw: (name: string) => (name === 'price' ? raw : null),
      evaluate: (expression: string) => (expression === '{{ $json.data.total }}' ? total : undefined),
      values: { price: value },
    });
    const whole = of('={{ $json.data.total.amount }}', 1999);
    expect(read(price, whole.values, whole)).toEqual({ price: total });
    const mixed = of('={{ $json.data.total.amount * 2 }}', 3998);
    expect(faults(price, mixed.values, mixed)).toEqual([
      expect.stringContaining('calculates with $json.data.total.amount, which counts minor units') as string,
    ]);
    const divided = of('={{ $json.data.total.amount / 100 }}', 19.99);
    expect(read(price, divided.values, divided)).toEqual({ price: { amount: 1999, currency: 'EUR' } });
    const foreign = of('={{ $json.row.amount }}', 7);
    expect(read(price, foreign.values, foreign)).toEqual({ price: { amount: 700, currency: 'EUR' } });
  });

  test('an amount in the currency of another field', () => {
    const rate = route([
      field('currency', { as: 'value' }),
      field('rates', { as: 'rows', row: 'rate', fields: [field('amount', { as: 'minor', currency: 'currency' })] }),
    ]);
    const rates = { rate: [{ amount: 4.9 }] };
    expect(read(rate, { currency: { __rl: true, mode: 'id', value: 'KWD' }, rates }, major)).toMatchObject({
      rates: [{ amount: 4900 }],
    });
    expect(read(rate, { rates }, major)).toEqual({ rates: [{ amount: 490 }] });
    const change: Route = { ...route([], [field('amount', { as: 'minor', currency: 'currency' })]), method: 'PATCH' };
    change.collection?.fields.push(field('currency', { as: 'value' }));
    expect(faults(change, { additionalFields: { amount: 4.9 } }, major)).toEqual([
      'AMOUNT: Add CURRENCY too: it says how many decimals the amount has.',
    ]);
  });
});

test('everything that is wrong is told at once, each field by its place', () => {
  const one = route([
    field('at', { as: 'moment' }),
    field('name', { as: 'value' }, { required: true }),
    field('lines', {
      as: 'rows',
      row: 'line',
      fields: [field('sku', { as: 'value' }, { required: true }), field('quantity', { as: 'value' })],
    }),
  ]);
  expect(faults(one, { at: 'soon', lines: { line: [{ sku: '', quantity: 1 }, { sku: 'A' }, {}] } })).toEqual([
    expect.stringContaining('AT: "soon" is not a time') as string,
    'NAME: It is empty, and the operation needs it.',
    'LINES → 1 → SKU: It is empty, and the operation needs it.',
  ]);
});

test('names and values, texts, one object', () => {
  const one = route([
    field('title', { as: 'record', row: 'entry' }),
    field('tags', { as: 'texts' }),
    field('address', { as: 'object', row: 'values', fields: [field('city', { as: 'value' })] }),
  ]);
  expect(
    read(one, {
      title: {
        entry: [
          { key: 'en', value: 'Lamp' },
          { key: '', value: 'x' },
        ],
      },
      tags: ['a', ''],
      address: { values: { city: 'Berlin' } },
    }),
  ).toEqual({ title: { en: 'Lamp' }, tags: ['a'], address: { city: 'Berlin' } });
  expect(read(one, { title: { en: 'Lamp' }, tags: 'a' })).toEqual({ title: { en: 'Lamp' }, tags: ['a'] });
});

describe('moments', () => {
  test('a time with a zone is itself, whatever the workflow’s zone', () => {
    const moments = fc.date({ min: new Date('1970-01-02'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(
        moments,
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'),
        (moment, zone) => {
          expect(utcMoment(moment.toISOString(), zone)).toBe(moment.toISOString());
          expect(utcMoment(moment, zone)).toBe(moment.toISOString());
        },
      ),
    );
  });

  test.each([
    ['2026-01-15T10:00:00', 'Europe/Berlin', '2026-01-15T09:00:00.000Z'],
    ['2026-07-15T10:00:00', 'Europe/Berlin', '2026-07-15T08:00:00.000Z'],
    ['2026-07-15', 'America/New_York', '2026-07-15T04:00:00.000Z'],
    // The hour after the clocks went forward.
    ['2026-03-29T03:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ])('%s in %s is %s', (wall, zone, utc) => {
    expect(utcMoment(wall, zone)).toBe(utc);
  });

  test('an invalid time is refused with the field’s name', () => {
    expect(faults(route([field('at', { as: 'moment' })]), { at: 'soon' })).toEqual([
      'AT: "soon" is not a time. Pick one, or give one like 2026-11-23T10:00:00Z.',
    ]);
  });
});
