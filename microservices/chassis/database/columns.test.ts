import { columns } from './columns.ts';

test('names of the contract are read from columns in snake case', () => {
  expect(columns(['id', 'ownerId', 'lowStockThreshold'])).toBe(
    'id, owner_id AS "ownerId", low_stock_threshold AS "lowStockThreshold"',
  );
  expect(columns(['id', 'ownerId'], 'r')).toBe('r.id, r.owner_id AS "ownerId"');
});

test.each(['owner id', 'x; DROP TABLE y', '"x"', 'Owner', ''])('%j is no name', (name) => {
  expect(() => columns([name])).toThrow('is no name of a column');
});
