import { currentContext, runInContext } from '../context.ts';
import { insertWidget } from '../testing/serve-widgets.ts';
import { makeWidget as make, widgetTest } from '../testing/widget-test.ts';
import { command, remember } from './command.ts';

const { database, serve, count } = widgetTest();

const rehearsal = { rehearsal: 'true' };
const rehearse = (url: string, key?: string, body: unknown = { name: 'x' }, credential = 'fc_admin') =>
  make(url, key, body, credential, rehearsal);

const rows = async () => ({
  widgets: await count('widget'),
  events: await count('outbox'),
  responses: await count('idempotency'),
  audited: await count('audit_log'),
});
const NOTHING = { widgets: 0, events: 0, responses: 0, audited: 0 };

test('responds as the command would, says so in a header, and keeps nothing', async () => {
  const after: string[] = [];
  const url = await serve({ makeWidget: command({ commit: insertWidget, after: ({ id }) => void after.push(id) }) });
  const response = await fetch(`${url}/v1/widgets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer fc_admin', ...rehearsal },
    body: '{"name":"x"}',
  });
  expect([response.status, response.headers.get('rehearsal')]).toEqual([201, 'true']);
  expect(await response.json()).toMatchObject({ name: 'x', count: 1 });
  expect(await rows()).toEqual(NOTHING);
  expect(after).toEqual([]);
});

test('leaves no response under its key, and gets none that is there', async () => {
  const url = await serve();
  await rehearse(url, 'k');
  const real = await make(url, 'k');
  expect(real).toMatchObject({ status: 201, replayed: false });
  expect(await rehearse(url, 'k', { name: 'another' })).toMatchObject({ status: 201, replayed: false });
  expect(await rows()).toEqual({ widgets: 1, events: 1, responses: 1, audited: 1 });
});

test('is refused for a key that the command would be refused for', async () => {
  const url = await serve();
  for (const key of ['', 'two words', 'k'.repeat(256)]) {
    expect(await rehearse(url, key)).toMatchObject({ status: 400, body: { code: 'INVALID_IDEMPOTENCY_KEY' } });
  }
});

test('is refused as the command would be, also by a refusal that is kept', async () => {
  const url = await serve({
    makeWidget: command(async (tx, input, { errors }) => {
      await insertWidget(tx, input);
      return remember(errors.JAMMED('The machine is jammed'));
    }),
  });
  expect(await rehearse(url, 'k')).toMatchObject({ status: 423, body: { code: 'JAMMED' } });
  expect(await rows()).toEqual(NOTHING);
});

test('what a command writes before its transaction is undone, and services that it asks then rehearse too', async () => {
  let asked: boolean | undefined;
  const url = await serve({
    makeWidget: command({
      prepare: async (input) => {
        await database().run('INSERT INTO widget (id, name, count) VALUES ($1, $2, 1)', ['one', input.name]);
        await database().transaction((tx) => tx.run(`INSERT INTO widget (id, name, count) VALUES ('two', 'x', 1)`));
        asked = currentContext().rehearsal;
      },
      commit: insertWidget,
    }),
  });
  expect(await rehearse(url)).toMatchObject({ status: 201 });
  expect(asked).toBe(true);
  expect(await rows()).toEqual(NOTHING);
});

test('a statement that failed and was ignored fails it, as it would fail the commit', async () => {
  const url = await serve({
    makeWidget: command(async (tx, input) => {
      await tx.run('SELECT 1 / 0').catch(() => undefined);
      return { id: `wid_${'0'.repeat(32)}`, ...input };
    }),
  });
  expect((await make(url, undefined)).status).toBe(500);
  expect((await rehearse(url)).status).toBe(500);
});

test('two constraints that hold at the end of the transaction only are looked at', async () => {
  await database().run(
    'CREATE TABLE IF NOT EXISTS once (n int, CONSTRAINT once_n UNIQUE (n) DEFERRABLE INITIALLY DEFERRED)',
  );
  const twice = () => database().transaction((tx) => tx.run('INSERT INTO once VALUES (1), (1)'));
  const inRehearsal = runInContext({ correlationId: 'c', rehearsal: true }, () =>
    twice().catch((error: unknown) => error),
  );
  expect(await inRehearsal).toMatchObject({ code: '23505' });
});

test('cannot be done where more than the database would change, without a key, or with another word', async () => {
  const url = await serve();
  const send = (path: string, headers: Record<string, string>, type = 'application/json') =>
    fetch(`${url}/v1${path}`, { method: 'POST', headers: { 'content-type': type, ...headers }, body: '{"name":"x"}' });
  const admin = { authorization: 'Bearer fc_admin' };
  const stream = await send('/widgets/import', { ...admin, ...rehearsal }, 'text/csv');
  expect([stream.status, await stream.json()]).toMatchObject([422, { code: 'REHEARSAL_NOT_POSSIBLE' }]);
  const word = await send('/widgets', { ...admin, rehearsal: 'yes' });
  expect([word.status, await word.json()]).toMatchObject([400, { code: 'INVALID_REHEARSAL' }]);
  expect((await send('/widgets', { ...admin, rehearsal: 'false' })).status).toBe(201);
  expect(await rows()).toEqual({ widgets: 1, events: 1, responses: 0, audited: 1 });
});
