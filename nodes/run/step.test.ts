import fc from 'fast-check';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { forgetPass, stepHeaders, type Step } from './step.ts';

/** What a node of one execution has: a name, a workflow, and what it wrote down in earlier passes. */
const execution = (): IExecuteFunctions => {
  const kept: IDataObject = {};
  const parts = { getWorkflow: () => ({ id: 'w' }), getNode: () => ({ id: 'n' }), getContext: () => kept };
  return parts as unknown as IExecuteFunctions;
};

const step = (subject: string, content: unknown, called = false): Step => ({
  cause: { id: 'evt_1', called },
  operation: 'wallet.topUp',
  subject,
  content,
});
const keys = (headers: Record<string, string>[]) => headers.map((one) => one['idempotency-key']);
const scopes = (headers: Record<string, string>[]) => headers.map((one) => one['idempotency-scope']?.split(' ') ?? []);

test('a key depends on the subject alone, wherever the item stands and whatever it sends', () => {
  const item = fc.record({ subject: fc.constantFrom('a', 'b', 'c'), content: fc.nat() });
  fc.assert(
    fc.property(fc.array(item), fc.array(item), (before, after) => {
      const alone = keys(stepHeaders(execution(), 0, [step('x', 1)]))[0];
      const all = [...before, { subject: 'x', content: 2 }, ...after];
      const headers = stepHeaders(
        execution(),
        0,
        all.map(({ subject, content }) => step(subject, content)),
      );
      expect(keys(headers)[before.length]).toBe(alone);
    }),
  );
});

test('of equal items each has a content of its own, and names the others beside it', () => {
  const [first, second, third] = scopes(stepHeaders(execution(), 0, [step('a', 1), step('a', 1), step('a', 2)]));
  expect(first?.slice(2)).toEqual([second?.[1], third?.[1]]);
  expect(new Set([first?.[1], second?.[1], third?.[1]]).size).toBe(3);
});

test('later passes know the items of earlier ones; a pass that stopped is forgotten', () => {
  const context = execution();
  const [first] = scopes(stepHeaders(context, 0, [step('a', 1)]));
  const [second] = scopes(stepHeaders(context, 1, [step('a', 1)]));
  expect(second?.[1]).not.toBe(first?.[1]);
  expect(second?.slice(2)).toEqual([first?.[1]]);
  forgetPass(context, 1);
  expect(scopes(stepHeaders(context, 2, [step('a', 1)]))).toEqual([second]);
});

test('500 items with one subject fit into a header; of more, each is known by its count', () => {
  const many = (count: number) =>
    stepHeaders(
      execution(),
      0,
      Array.from({ length: count }, (_, index) => step('a', index)),
    );
  const fitting = many(500);
  expect(new Set(keys(fitting)).size).toBe(1);
  expect(Math.max(...fitting.map((one) => one['idempotency-scope']?.length ?? 0))).toBeLessThan(5_000);
  const more = many(501);
  expect(new Set(keys(more)).size).toBe(501);
  expect(new Set(more.map((one) => one['idempotency-scope']))).toEqual(new Set(['step 1']));
});

test('in a sub-workflow items with one subject are counted, and other values under a key are refused', () => {
  const headers = stepHeaders(execution(), 0, [step('a', 1, true), step('b', 1, true), step('a', 2, true)]);
  expect(new Set(keys(headers)).size).toBe(3);
  expect(scopes(headers)).toEqual([[], [], []]);
  expect(stepHeaders(execution(), 0, [step('a', 9, true)])).toEqual(headers.slice(0, 1));
});

test('what changes nothing has no key', () => {
  expect(stepHeaders(execution(), 0, [undefined])).toEqual([{}]);
});
