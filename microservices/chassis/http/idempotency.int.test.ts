import { randomUUID } from 'node:crypto';
import { sqlState } from '../database/index.ts';
import { insertWidget, type WidgetHandlers } from '../testing/serve-widgets.ts';
import { makeWidget as make, widgetTest } from '../testing/widget-test.ts';
import { newId } from '../ids.ts';
import { apartFromTransaction } from '../database/holding.ts';
import { command, remember } from './command.ts';
import { forgetOldAnswers } from './idempotency.ts';

const { database, serve, count } = widgetTest();

describe('the same key again', () => {
  test('with the same body answers the first answer, says so, and has no second effect', async () => {
    const url = await serve();
    const key = randomUUID();
    const first = await make(url, key);
    const again = await make(url, key);
    expect(first).toMatchObject({ status: 201, replayed: false });
    expect(again).toEqual({ ...first, replayed: true });
    expect([await count('widget'), await count('outbox'), await count('audit_log')]).toEqual([1, 1, 1]);
  });

  test('with the same fields in another order is the same body', async () => {
    const url = await serve();
    const first = await make(url, 'k', { name: 'x', count: 2 });
    expect(await make(url, 'k', { count: 2, name: 'x' })).toEqual({ ...first, replayed: true });
  });

  test('with another body answers 422 and has no effect', async () => {
    const url = await serve();
    await make(url, 'k');
    expect(await make(url, 'k', { name: 'y' })).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect(await count('widget')).toBe(1);
  });

  test('from another caller is another key', async () => {
    const url = await serve();
    const first = await make(url, 'k');
    const other = await make(url, 'k', { name: 'x' }, 'fc_other');
    expect(other).toMatchObject({ status: 201, replayed: false });
    expect(other.body.id).not.toBe(first.body.id);
  });

  test('after 24 hours is a new key, and housekeeping forgets the old answer', async () => {
    const url = await serve();
    const first = await make(url, 'k');
    await database().run(`UPDATE idempotency SET created_at = now() - interval '24 hours 1 second'`);
    const later = await make(url, 'k', { name: 'another body' });
    expect(later).toMatchObject({ status: 201, replayed: false });
    expect(later.body.id).not.toBe(first.body.id);
    await database().run(`UPDATE idempotency SET created_at = now() - interval '24 hours 1 second'`);
    await forgetOldAnswers(database());
    expect(await count('idempotency')).toBe(0);
  });

  test('without a key every request has its effect', async () => {
    const url = await serve();
    await make(url, undefined);
    await make(url, undefined);
    expect([await count('widget'), await count('idempotency')]).toEqual([2, 0]);
  });

  test.each(['', 'with space', 'é', 'x'.repeat(256)])('a key that is none (%j) answers 400', async (key) => {
    const url = await serve();
    const sent = key === 'é' ? Buffer.from(key).toString('latin1') : key;
    expect(await make(url, sent)).toMatchObject({ status: 400, body: { code: 'INVALID_IDEMPOTENCY_KEY' } });
    expect(await count('widget')).toBe(0);
  });
});

describe('the same key at once', () => {
  /** A handler that waits in its transaction until it is let go. */
  const held = () => {
    let letGo: () => void = () => undefined;
    let begin: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const work = async (...given: Parameters<typeof insertWidget>) => {
      const made = await insertWidget(...given);
      begin();
      await gate;
      return made;
    };
    const makeWidget: WidgetHandlers['makeWidget'] = command(work);
    return { work, handlers: { makeWidget }, letGo, begun };
  };

  test('in one process: 409 with Retry-After while the first is in flight, its answer after', async () => {
    const { handlers, letGo, begun } = held();
    const url = await serve(handlers);
    const first = make(url, 'k');
    await begun;
    expect(await make(url, 'k')).toMatchObject({
      status: 409,
      retryAfter: '1',
      body: { code: 'IDEMPOTENCY_IN_FLIGHT' },
    });
    letGo();
    expect(
      await make(url, 'k').then((again) => (again.status === 409 ? first.then(() => make(url, 'k')) : again)),
    ).toEqual({ ...(await first), replayed: true });
    expect(await count('widget')).toBe(1);
  });

  test('in two processes: the second waits for the first and gives its answer', async () => {
    const { handlers, letGo, begun } = held();
    const [here, there] = [await serve(handlers), await serve()];
    const first = make(here, 'k');
    await begun;
    const second = make(there, 'k');
    await database().one('SELECT pg_sleep(0.1)');
    letGo();
    expect(await second).toEqual({ ...(await first), replayed: true });
    expect(await count('widget')).toBe(1);
  });

  test('in two processes, and the first fails: the second does the work', async () => {
    const { begun, letGo, work } = held();
    const failing: WidgetHandlers['makeWidget'] = command(async (tx, input) => {
      await work(tx, input);
      throw new Error('no');
    });
    const [here, there] = [await serve({ makeWidget: failing }), await serve()];
    const first = make(here, 'k');
    await begun;
    const second = make(there, 'k');
    letGo();
    expect(await first).toMatchObject({ status: 500 });
    expect(await second).toMatchObject({ status: 201, replayed: false });
    expect(await count('widget')).toBe(1);
  });

  test('50 times over two processes: one effect, and every answer is that one or "in flight"', async () => {
    const urls = [await serve(), await serve()];
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => make(urls[i % 2] ?? '', 'k')));
    expect(await count('widget')).toBe(1);
    expect(answers.filter(({ status, replayed }) => status === 201 && !replayed)).toHaveLength(1);
    const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id));
    expect(ids.size).toBe(1);
    for (const { status, body } of answers)
      expect(status === 201 || (status === 409 && body.code === 'IDEMPOTENCY_IN_FLIGHT')).toBe(true);
  });

  test('50 bodies under one key over two processes: one effect, the others are told', async () => {
    const urls = [await serve(), await serve()];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => make(urls[i % 2] ?? '', 'k', { name: `n${i}` })),
    );
    expect(await count('widget')).toBe(1);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const { status } of answers) expect([201, 409, 422]).toContain(status);
  });
});

test('two repeats of an answered request at once are both answered', async () => {
  const url = await serve();
  const first = await make(url, 'k');
  const again = await Promise.all(Array.from({ length: 10 }, () => make(url, 'k')));
  expect(again).toEqual(Array.from({ length: 10 }, () => ({ ...first, replayed: true })));
});

describe('what is remembered', () => {
  test('a refusal that is to be remembered: it is replayed, and what it changed stays', async () => {
    const makeWidget: WidgetHandlers['makeWidget'] = command(async (tx, { name }, { errors }) => {
      tx.append('widget.made', newId('wid'), { name });
      return remember(errors.TOO_MANY('Only 3 fit', { limit: 3 }));
    });
    const url = await serve({ makeWidget });
    const first = await make(url, 'k');
    expect(first).toMatchObject({
      status: 409,
      replayed: false,
      body: { code: 'TOO_MANY', detail: 'Only 3 fit', data: { limit: 3 } },
    });
    expect(await make(url, 'k')).toEqual({ ...first, replayed: true });
    expect([await count('outbox'), await count('audit_log')]).toEqual([1, 0]);
  });

  test('a failure that was thrown is not: nothing stays, and the next try is a first one', async () => {
    let failures = 1;
    const makeWidget: WidgetHandlers['makeWidget'] = command(async (tx, input, { errors }) => {
      const made = await insertWidget(tx, input);
      if (failures-- > 0) throw errors.JAMMED('The machine is jammed');
      return made;
    });
    const url = await serve({ makeWidget });
    expect(await make(url, 'k')).toMatchObject({ status: 423, body: { code: 'JAMMED' } });
    expect([await count('widget'), await count('outbox'), await count('idempotency')]).toEqual([0, 0, 0]);
    expect(await make(url, 'k')).toMatchObject({ status: 201, replayed: false });
  });

  test('nothing of a process that died in the middle: no claim is left behind', async () => {
    let deaths = 1;
    const makeWidget: WidgetHandlers['makeWidget'] = command(async (tx, input) => {
      const made = await insertWidget(tx, input);
      if (deaths-- > 0) {
        // As after a kill -9: the connection is gone before COMMIT.
        const { pid } = await tx.one<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await apartFromTransaction(() => database().run('SELECT pg_terminate_backend($1)', [pid]));
      }
      return made;
    });
    const url = await serve({ makeWidget });
    expect(await make(url, 'k')).toMatchObject({ status: 503, retryAfter: '1', body: { code: 'UNAVAILABLE' } });
    expect([await count('widget'), await count('idempotency')]).toEqual([0, 0]);
    expect(await make(url, 'k')).toMatchObject({ status: 201, replayed: false });
    expect(await count('widget')).toBe(1);
  });

  test('the answer survives a retried transaction (40001) once', async () => {
    let failures = 3;
    const makeWidget: WidgetHandlers['makeWidget'] = command(async (tx, input) => {
      const made = await insertWidget(tx, input);
      if (failures-- > 0) await tx.run(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`);
      return made;
    });
    const url = await serve({ makeWidget });
    const first = await make(url, 'k');
    expect(first.status).toBe(201);
    expect(await make(url, 'k')).toEqual({ ...first, replayed: true });
    expect([await count('widget'), await count('outbox'), await count('audit_log')]).toEqual([1, 1, 1]);
  });
});

test('a transaction that fails for good is a 500 and leaves nothing', async () => {
  const makeWidget: WidgetHandlers['makeWidget'] = command(async (tx) => {
    await tx.run(`INSERT INTO widget (id) VALUES ('twice'), ('twice')`);
    return { id: '', name: '', count: 1 };
  });
  const failure = await database()
    .run(`INSERT INTO widget (id) VALUES ('twice'), ('twice')`)
    .catch((error: unknown) => error);
  expect(sqlState(failure)).toBe('23505');
  expect(await make(await serve({ makeWidget }), 'k')).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
  expect(await count('idempotency')).toBe(0);
});
