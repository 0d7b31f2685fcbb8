import { withChanges } from './with-changes.ts';

test('what is said wins, null included; what is undefined or not named stays', () => {
  const record: { name: string | null; city: string; priority: number } = { name: 'North', city: 'Kiel', priority: 1 };
  expect(withChanges(record, { name: null, city: undefined })).toEqual({ name: null, city: 'Kiel', priority: 1 });
  expect(record.name).toBe('North');
});
