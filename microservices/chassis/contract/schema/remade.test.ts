import { z } from 'zod';
import { country, newAddress } from '../values.ts';
import { readable, refusingUnknown, takingWhole } from './remade.ts';

const order = z.object({
  address: newAddress.optional(),
  lines: z.array(z.object({ sku: z.string(), quantity: z.int().default(1) })).optional(),
  byName: z.record(z.string(), z.object({ country })).nullable().optional(),
  pay: z
    .discriminatedUnion('by', [
      z.object({ by: z.literal('cash') }),
      z.object({ by: z.literal('card'), card: z.string() }),
    ])
    .optional(),
});

const unknownIn = (value: unknown): string[] =>
  (refusingUnknown(order).safeParse(value).error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key].join('.')) : [],
  );

describe('a schema for what comes in', () => {
  test('refuses unknown fields at every depth', () => {
    expect(unknownIn({ nope: 1 })).toEqual(['nope']);
    expect(unknownIn({ lines: [{ sku: 'A' }, { sku: 'B', amount: 2 }] })).toEqual(['lines.1.amount']);
    expect(unknownIn({ byName: { home: { country: 'DE', zip: 1 } } })).toEqual(['byName.home.zip']);
    expect(unknownIn({ pay: { by: 'cash', card: 'x' } })).toEqual(['pay.card']);
    expect(
      unknownIn({ address: { name: 'A', line1: 'B', city: 'C', postalCode: '1', country: 'DE', zip: '1' } }),
    ).toEqual(['address.zip']);
  });

  test('takes everything else as before, defaults and rules included', () => {
    expect(refusingUnknown(order).parse({ lines: [{ sku: 'A' }], byName: null })).toEqual({
      lines: [{ sku: 'A', quantity: 1 }],
      byName: null,
    });
    expect(refusingUnknown(order).safeParse({ byName: { home: { country: 'UK' } } }).success).toBe(false);
    expect(order.parse({ nope: 1 })).toEqual({});
  });
});

test('what takes a whole event lets the rest of it by, at every depth', () => {
  const input = z.object({
    order: takingWhole(z.object({ lines: z.array(z.object({ quantity: z.int() })) })).optional(),
  });
  const order = { lines: [{ quantity: 1, sku: 'A' }], total: 5 };
  expect(refusingUnknown(input).parse({ order })).toEqual({ order: { lines: [{ quantity: 1 }] } });
  expect(refusingUnknown(input).safeParse({ order, ordre: 1 }).success).toBe(false);
});

describe('a schema for what goes out', () => {
  test('lets pass what was stored before a rule existed, and nothing that is undeclared', () => {
    const stored = { name: 'A', line1: 'B\nC', city: 'D', postalCode: '', country: 'UK', secret: 1 };
    const { secret: _secret, ...declared } = stored;
    expect(readable(order).parse({ address: stored })).toEqual({ address: declared });
    expect(order.safeParse({ address: stored }).success).toBe(false);
    expect(readable(order).safeParse({ address: { ...stored, country: 'Germany' } }).success).toBe(false);
  });
});
