import { conditionsOf } from './conditions.ts';
import type { Column } from './table.ts';

const column: Column = {
  ...{ name: 'note', type: 'text', base: 'text' },
  ...{ nullable: true, hasDefault: false, generated: false, primary: false, unique: false, labels: [] },
};
const table = { schema: 'public', name: 'notes', columns: [column] };
const read = (operator: string, value: unknown) => conditionsOf([{ column: 'note', operator, value }], table);

test.each(['contains', 'endsWith', 'startsWith'])(
  '%s with an empty text is refused: it would mean every row',
  (operator) => {
    for (const value of ['', null, undefined]) expect(() => read(operator, value)).toThrow('has no value');
  },
);

test('an empty text is a value to be equal to', () => {
  expect(read('equal', '')).toEqual([{ column, operator: 'equal', value: '' }]);
});
