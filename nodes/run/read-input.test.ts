import fc from 'fast-check';
import { utcMoment } from './moment.ts';
import { isFormProblem, readInput } from './read-input.ts';
import type { Route } from './route.ts';

const route = (fields: Route['fields'], collection: Route['fields'] = []): Route => ({
  method: 'POST',
  path: '/v1/things',
  fields,
  collection: { name: 'additionalFields', fields: collection },
  command: true,
  subject: [],
  answer: 'one',
});
const read = (of: Route, values: Record<string, unknown>) =>
  readInput(of, { parameter: (name) => values[name] ?? null, zone: 'UTC' });

test('whatever is typed reaches the request as it is; what is left empty does not', () => {
  const one = route([{ name: 'a', shape: { as: 'value' } }], [{ name: 'b', shape: { as: 'value' } }]);
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
  const one = route([{ name: 'a', shape: { as: 'value' } }], [{ name: 'b', shape: { as: 'value' } }]);
  const located = (value: string) => ({ __rl: true, mode: 'id', value });
  expect(read(one, { a: located('x'), additionalFields: { b: located('y') } })).toEqual({ a: 'x', b: 'y' });
});

test('null is sent where the contract takes it: cleared on purpose, or asked for and not given', () => {
  const cleared = route([], [{ name: 'a', shape: { as: 'value', nullable: true } }]);
  expect(read(cleared, { additionalFields: { a: '' } })).toEqual({ a: null });
  expect(read(cleared, { additionalFields: {} })).toEqual({});
  expect(read(route([], [{ name: 'a', shape: { as: 'value', nullable: true }, elseNull: true }]), {})).toEqual({
    a: null,
  });
});

test('rows come from the fields or from JSON, and empty rows of the editor are not sent', () => {
  const lines = route([
    {
      name: 'lines',
      shape: { as: 'rows', row: 'line', json: 'linesJson', fields: [{ name: 'sku', shape: { as: 'value' } }] },
    },
  ]);
  const rows = { line: [{ sku: 'A' }, { sku: '' }] };
  expect(read(lines, { linesInput: 'fields', lines: rows, linesJson: '[{"sku":"B"}]' })).toEqual({
    lines: [{ sku: 'A' }],
  });
  expect(read(lines, { linesInput: 'json', lines: rows, linesJson: '[{"sku":"B"}]' })).toEqual({
    lines: [{ sku: 'B' }],
  });
  expect(read(lines, { linesInput: 'json', linesJson: [{ sku: 'C' }] })).toEqual({ lines: [{ sku: 'C' }] });
  const broken = read(lines, { linesInput: 'json', linesJson: '[{' });
  expect(isFormProblem(broken) && broken.field).toBe('lines');
});

test('money is exact, from two fields or one amount', () => {
  const one = route(
    [{ name: 'price', shape: { as: 'money', currency: 'priceCurrency' } }],
    [{ name: 'fee', shape: { as: 'money', currency: 'feeCurrency' } }],
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

test('names and values, texts, one object', () => {
  const one = route([
    { name: 'title', shape: { as: 'record', row: 'entry' } },
    { name: 'tags', shape: { as: 'texts' } },
    { name: 'address', shape: { as: 'object', row: 'values', fields: [{ name: 'city', shape: { as: 'value' } }] } },
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
    const problem = read(route([{ name: 'at', shape: { as: 'moment' } }]), { at: 'soon' });
    expect(problem).toMatchObject({ kind: 'form-problem', field: 'at' });
  });
});
