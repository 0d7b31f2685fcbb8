import { containing, literally } from './like.ts';

test('what LIKE would take as a pattern is taken literally', () => {
  expect(literally('50%_\\')).toBe('50\\%\\_\\\\');
  expect(containing('50%')).toBe('%50\\%%');
});

test('without a text nothing is filtered', () => {
  expect(containing(undefined)).toBeNull();
});
