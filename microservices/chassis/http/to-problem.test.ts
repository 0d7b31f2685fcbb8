import { silentLog } from '../testing/log.ts';
import { toProblem } from './to-problem.ts';

const problemOf = (code: string) => toProblem(silentLog, Object.assign(new Error('of the database'), { code }));

test.each([
  ['a lock that was not to be had in time', '55P03'],
  ['transactions that get in each other’s way to the last attempt', '40001'],
  ['a deadlock at the last attempt', '40P01'],
  ['a statement that took too long', '57014'],
  ['a database that is away', 'ECONNREFUSED'],
])('%s is a 503 that says when to try again, and no fault', (_what, code) => {
  expect(problemOf(code)).toMatchObject({ status: 503, code: 'UNAVAILABLE', headers: { 'retry-after': '1' } });
});

test('a statement that is wrong is a fault, of which the caller learns nothing', () => {
  const problem = problemOf('42601');
  expect(problem).toMatchObject({ status: 500, code: 'INTERNAL' });
  expect(JSON.stringify(problem.toBody())).not.toContain('of the database');
});
