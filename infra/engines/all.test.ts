import { expect, test } from '@jest/globals';
import { ENGINES, enginesNamed, STAND_INS } from './all.ts';

const names = (engines: readonly { name: string }[]): string[] => engines.map(({ name }) => name);

test('no name means one engine for each role, a stand-in only when it is named', () => {
  expect(names(enginesNamed([]))).toEqual(['kafka', 'cql', 's3', 'sql', 'druid']);
  expect(names(enginesNamed(['versitygw', 'kafka']))).toEqual(['versitygw', 'kafka']);
  expect(names(enginesNamed([], [...ENGINES, ...STAND_INS]))).toContain('versitygw');
});

test('the same name twice is one engine', () => {
  expect(names(enginesNamed(['sql', 'sql']))).toEqual(['sql']);
});

test('a wrong name is answered with the names that there are', () => {
  expect(() => enginesNamed(['kafka', 'mysql'])).toThrow(
    'There is no engine "mysql". There are kafka, cql, s3, sql, druid, versitygw.',
  );
});
