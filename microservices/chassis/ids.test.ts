import { id } from './contract/index.ts';
import { newId, newUuid } from './ids.ts';

test('a new id fits the contract of its prefix', () => {
  expect(id('ord').safeParse(newId('ord')).success).toBe(true);
  expect(newId('cus')).toMatch(/^cus_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
});

test('ids of one process are unique and sort by time of birth', () => {
  const ids = Array.from({ length: 10_000 }, () => newId('ord'));
  expect(new Set(ids).size).toBe(10_000);
  expect(ids.toSorted()).toEqual(ids);
});

test('an id tells when it was born', () => {
  const before = Date.now();
  const born = Number.parseInt(newId('ord').slice(4, 16), 16);
  expect(born).toBeGreaterThanOrEqual(before);
  expect(born).toBeLessThanOrEqual(Date.now());
});

test('event ids are UUIDs of version 7', () => {
  expect(newUuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
