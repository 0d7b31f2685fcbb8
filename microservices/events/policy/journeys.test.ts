import { branchOf } from './split.ts';
import { resumptionOf } from './resumption.ts';
import type { PostResult } from './verdict.ts';

const branches = [
  { name: 'A', percent: 45 },
  { name: 'B', percent: 45 },
  { name: 'Hold-Out', percent: 10 },
];

test('shares of a split are kept over many customers, and the name of the split mixes them anew', () => {
  const customers = Array.from({ length: 20_000 }, (_, index) => `cus_${index}`);
  const of = (split: string) => customers.map((one) => branchOf(split, one, branches));
  const first = of('mail');
  for (const { name, percent } of branches)
    expect(Math.abs(first.filter((branch) => branch === name).length / 200 - percent)).toBeLessThan(1);
  expect(of('mail')).toEqual(first);
  const second = of('other');
  const same = second.filter((branch, index) => branch === first[index]).length / customers.length;
  // As two independent draws agree: 0.45² + 0.45² + 0.1².
  expect(Math.abs(same - 0.415)).toBeLessThan(0.02);
});

test('a branch with no share gets nobody', () => {
  const all = Array.from({ length: 1_000 }, (_, index) =>
    branchOf('s', String(index), [
      { name: 'none', percent: 0 },
      { name: 'all', percent: 100 },
    ]),
  );
  expect(new Set(all)).toEqual(new Set(['all']));
});

const responded = (status: number, body = ''): PostResult => ({
  kind: 'responded',
  status,
  body,
  retryAfter: undefined,
});
const unreachable: PostResult = { kind: 'unreachable', detail: 'No connection' };

test.each([
  ['it ran on', responded(200), 1, 'resumed'],
  ['it ran on and failed', responded(500, '{"message":"Error in workflow"}'), 1, 'failed'],
  ['it is not parked yet', responded(409, 'The execution "1" is running already.'), 1, 'again'],
  ['it was ended by somebody', responded(409, 'The execution "1 has finished already.'), 1, 'gone'],
  ['it was resumed before', responded(409, 'The execution "1 has finished already.'), 2, 'resumed'],
  ['n8n stopped while it ran', responded(409, 'The execution "1" has finished with error.'), 2, 'failed'],
  ['it was deleted', responded(404, 'The execution "1" does not exist.'), 1, 'gone'],
  ['n8n is starting', responded(404, 'Cannot POST'), 1, 'again'],
  ['n8n is busy', responded(503), 1, 'again'],
  ['n8n is away', unreachable, 1, 'again'],
  ['another step waits now', responded(410), 2, 'resumed'],
  ['n8n was away for long and cannot start it yet', responded(500, 'a problem executing the workflow'), 50, 'again'],
  ['the token is wrong', responded(401), 1, 'gone'],
])('%s', (_what, result, attempts, expected) => {
  const verdict = resumptionOf(result, { attempts, refusals: 0 });
  expect(verdict.kind === 'again' ? 'again' : verdict.state).toBe(expected);
});

test('what n8n cannot run ten times in a row has failed; the count begins anew when n8n was away', () => {
  const refused = responded(500, '{"message":"There was a problem executing the workflow"}');
  expect(resumptionOf(refused, { attempts: 12, refusals: 8 })).toMatchObject({ kind: 'again', refusals: 9 });
  expect(resumptionOf(refused, { attempts: 13, refusals: 9 })).toMatchObject({ kind: 'over', state: 'failed' });
  expect(resumptionOf(unreachable, { attempts: 13, refusals: 9 })).toMatchObject({ kind: 'again', refusals: 0 });
});
