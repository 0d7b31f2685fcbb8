import { insertWidget, type WidgetHandlers } from '../testing/serve-widgets.ts';
import { makeWidget, widgetTest } from '../testing/widget-test.ts';
import { command } from './command.ts';

const { database, serve, count } = widgetTest();

/** One item of a step: what it sends, and what the other items of its attempt send. */
const step = (url: string, content: string, beside: string[] = [], key = 'order-1') =>
  makeWidget(url, key, { name: content }, 'fc_admin', { 'idempotency-scope': ['step', content, ...beside].join(' ') });

/** One attempt of a journey: its items one after the other. Returns the names of the widgets that they got. */
const attempt = async (url: string, contents: string[]): Promise<string[]> => {
  const names: string[] = [];
  for (const content of contents) {
    const { status, body } = await step(
      url,
      content,
      contents.filter((other) => other !== content),
    );
    expect(status).toBe(201);
    names.push(String(body.name));
  }
  return names;
};

test('a step that sends something else than before gets its first response, as often as it changes', async () => {
  const url = await serve();
  const first = await step(url, 'at-1');
  for (const content of ['at-2', 'at-3', 'at-1', 'at-2'])
    expect(await step(url, content)).toEqual({ ...first, replayed: true });
  expect(await count('widget')).toBe(1);
});

test('items that act on the same thing keep their own responses when they move and others come between', async () => {
  const url = await serve();
  expect(await attempt(url, ['five', 'seven'])).toEqual(['five', 'seven']);
  expect(await attempt(url, ['seven', 'nine', 'five'])).toEqual(['seven', 'nine', 'five']);
  expect(await attempt(url, ['nine'])).toEqual(['nine']);
  expect(await count('widget')).toBe(3);
});

test('items that all changed are as many as before', async () => {
  const url = await serve();
  await attempt(url, ['a1', 'b1', 'c1']);
  await attempt(url, ['a2', 'b2', 'c2']);
  expect(await count('widget')).toBe(3);
  await attempt(url, ['a3', 'b3', 'c3', 'd3']);
  expect(await count('widget')).toBe(4);
});

test('an item that took another’s response for a change of it acts by itself once both are there', async () => {
  const url = await serve();
  await attempt(url, ['five']);
  expect(await attempt(url, ['seven'])).toEqual(['five']);
  expect(await attempt(url, ['seven', 'five'])).toEqual(['seven', 'five']);
  expect(await attempt(url, ['seven'])).toEqual(['seven']);
  expect(await count('widget')).toBe(2);
});

test('many items that act on the same thing are told apart', async () => {
  const url = await serve();
  const contents = Array.from({ length: 20 }, (_, index) => `n${index}`);
  await attempt(url, contents);
  expect(await attempt(url, contents.toReversed())).toEqual(contents.toReversed());
  expect(await count('widget')).toBe(20);
});

test('another client’s key is not a step’s: it is refused as ever', async () => {
  const url = await serve();
  await makeWidget(url, 'order-1', { name: 'plain' });
  expect(await makeWidget(url, 'order-1', { name: 'other' })).toMatchObject({ status: 422 });
  await step(url, 'mine', [], 'order-2');
  expect(await makeWidget(url, 'order-2', { name: 'mine' })).toMatchObject({
    status: 422,
    body: { code: 'IDEMPOTENCY_KEY_REUSED' },
  });
});

test.each(['other', 'step', 'step a,b', 'step a  b'])('the scope "%s" is refused', async (scope) => {
  const url = await serve();
  expect(await makeWidget(url, 'k', { name: 'x' }, 'fc_admin', { 'idempotency-scope': scope })).toMatchObject({
    status: 400,
    body: { code: 'INVALID_IDEMPOTENCY_KEY' },
  });
});

test('a command that asks others first asks them under the same key in each repeat, and under its own for each item', async () => {
  const asked: string[] = [];
  let crashes = 1;
  const makeWidgetAfterAsking: WidgetHandlers['makeWidget'] = command({
    prepare: async (_input, { derivedKey }) => void asked.push(derivedKey('ask')),
    commit: async (tx, input) => {
      if (crashes-- > 0) throw new Error('crashed between asking and committing');
      return insertWidget(tx, input);
    },
  });
  const url = await serve({ makeWidget: makeWidgetAfterAsking });
  expect(await step(url, 'at-1')).toMatchObject({ status: 500 });
  expect(await step(url, 'at-2')).toMatchObject({ status: 201, replayed: false });
  expect(await step(url, 'other', ['at-2'])).toMatchObject({ status: 201, replayed: false });
  expect(await step(url, 'at-3', ['other'])).toMatchObject({ status: 201, replayed: true });
  expect(asked).toHaveLength(3);
  expect(asked[1]).toBe(asked[0]);
  expect(asked[2]).not.toBe(asked[0]);
});

test('a changed repeat over two processes waits for the first and gets its response', async () => {
  let letGo: () => void = () => undefined;
  let begin: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const makeSlowly: WidgetHandlers['makeWidget'] = command(async (tx, input) => {
    const made = await insertWidget(tx, input);
    begin();
    await gate;
    return made;
  });
  const [here, there] = [await serve({ makeWidget: makeSlowly }), await serve()];
  const first = step(here, 'at-1');
  await begun;
  const second = step(there, 'at-2');
  await database().one('SELECT pg_sleep(0.1)');
  letGo();
  expect(await second).toEqual({ ...(await first), replayed: true });
  expect(await count('widget')).toBe(1);
});

test('50 changed repeats at once over two processes: one effect', async () => {
  const urls = [await serve(), await serve()];
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => step(urls[i % 2] ?? '', `at-${i}`)));
  expect(await count('widget')).toBe(1);
  expect(answers.filter(({ status, replayed }) => status === 201 && !replayed)).toHaveLength(1);
  for (const { status, body } of answers)
    expect(status === 201 || (status === 409 && body.code === 'IDEMPOTENCY_IN_FLIGHT')).toBe(true);
});
