import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchesFilter, type FilterableEvent } from './event-filter.ts';
import { eventFilter } from './event-filter-schema.ts';

const event = (data: unknown): FilterableEvent => ({
  id: '01976f3e-8c2a-7b54-9a10-3f5d2c7e8b61',
  type: 'order.created',
  source: '/orders',
  subject: 'ord_1',
  time: '2026-11-23T10:00:00.000Z',
  sequence: 1,
  correlationid: 'c-1',
  data,
});

const order = event({
  total: { amount: 12_500, currency: 'EUR' },
  email: 'ada@example.com',
  tags: ['vip', 'b2b'],
  note: null,
  lines: [
    { sku: 'TEA', quantity: 2 },
    { sku: 'CUP', quantity: 1 },
  ],
});

const matches = (field: string, operator: string, value: unknown, of = order): boolean =>
  matchesFilter(eventFilter.parse({ conditions: [{ field, operator, value }] }), of);

describe('a filter of events', () => {
  test('without one, every event is wanted', () => {
    expect(matchesFilter(undefined, order)).toBe(true);
    expect(matchesFilter(null, order)).toBe(true);
  });

  test.each([
    ['data.total.currency', 'equals', 'EUR', true],
    ['data.total.currency', 'notEquals', 'EUR', false],
    ['data.note', 'equals', null, true],
    ['data.total.amount', 'equals', '12500', false],
    ['data.total.amount', 'greaterThan', 12_499, true],
    ['data.total.amount', 'greaterThan', 12_500, false],
    ['data.total.amount', 'greaterOrEqual', 12_500, true],
    ['data.total.amount', 'lessThan', 12_500, false],
    ['data.total.amount', 'lessOrEqual', 12_500, true],
    ['data.total.amount', 'greaterThan', '1', false],
    ['time', 'greaterOrEqual', '2026-11-01', true],
    ['data.total.currency', 'in', ['USD', 'EUR'], true],
    ['data.total.currency', 'notIn', ['USD', 'EUR'], false],
    ['data.tags', 'contains', 'vip', true],
    ['data.tags', 'notContains', 'vip', false],
    ['data.email', 'contains', '@example', true],
    ['data.email', 'startsWith', 'ada@', true],
    ['data.email', 'endsWith', '.org', false],
    ['data.lines.*.sku', 'equals', 'CUP', true],
    ['data.lines.*.sku', 'notEquals', 'CUP', false],
    ['data.lines.1.quantity', 'equals', 1, true],
    ['data.coupon', 'exists', false, true],
    ['data.note', 'exists', true, true],
    ['data.coupon.code', 'notEquals', 'X', true],
    ['subject', 'startsWith', 'ord_', true],
  ])('%s %s %j: %s', (field, operator, value, expected) => {
    expect(matches(field, operator, value)).toBe(expected);
  });

  test('all conditions must hold, or any one', () => {
    const conditions = [
      { field: 'data.total.currency', operator: 'equals', value: 'EUR' },
      { field: 'data.total.amount', operator: 'lessThan', value: 1 },
    ];
    expect(matchesFilter(eventFilter.parse({ conditions }), order)).toBe(false);
    expect(matchesFilter(eventFilter.parse({ combine: 'any', conditions }), order)).toBe(true);
  });

  test('no path reaches what objects inherit', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'constructor.name', 'lines.map'])
      expect(matches(`data.${name}`, 'exists', true)).toBe(false);
  });

  test('refuses what is no condition, in words', () => {
    const faults = (condition: object): string => {
      const parsed = eventFilter.safeParse({ conditions: [condition] });
      return parsed.success ? 'taken' : parsed.error.message;
    };
    expect(faults({ field: 'process.env', operator: 'exists', value: true })).toContain('a path below data');
    expect(faults({ field: 'data', operator: 'exists', value: true })).toContain('a path below data');
    expect(faults({ field: 'data.x', operator: 'in', value: 'EUR' })).toContain('array');
    expect(eventFilter.safeParse({ conditions: [] }).error?.message).toContain('leave it out to get all events');
  });

  test('whatever an event holds, a condition or its negation holds, never both', () => {
    const scalar = fc.oneof(fc.string({ maxLength: 5 }), fc.integer(), fc.boolean(), fc.constant(null));
    const path = fc.array(fc.constantFrom('a', 'b', '*', '0', '1'), { minLength: 1, maxLength: 4 });
    const inner = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b'), tie('node')),
      ),
    })).node;
    const pairs = fc.constantFrom(
      ['equals', 'notEquals', false] as const,
      ['contains', 'notContains', false] as const,
      ['in', 'notIn', true] as const,
    );
    fc.assert(
      fc.property(inner, path, scalar, pairs, (data, names, value, [positive, negative, list]) => {
        const field = `data.${names.join('.')}`;
        const operand = list ? [value] : value;
        expect(matches(field, positive, operand, event(data))).toBe(!matches(field, negative, operand, event(data)));
      }),
    );
  });
});
