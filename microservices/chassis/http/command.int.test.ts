import { insertWidget, type WidgetHandlers } from '../testing/serve-widgets.ts';
import { until } from '../testing/until.ts';
import { makeWidget as make, widgetTest } from '../testing/widget-test.ts';
import { Problem } from '../problem.ts';
import { command, remember, startOver, startOverWith } from './command.ts';

const { database, serve, count } = widgetTest();

describe('a command that reads first', () => {
  test('a repeated request gets the first response, also when it would be refused by what is read now', async () => {
    let isJammed = false;
    const makeWidget: WidgetHandlers['makeWidget'] = command({
      read: async (input, { errors }) => {
        if (isJammed) throw errors.JAMMED('The machine is jammed');
        return { ...input, name: `${input.name}, read` };
      },
      commit: async (tx, _input, _request, read) => insertWidget(tx, read),
    });
    const url = await serve({ makeWidget });
    const first = await make(url, 'k');
    expect(first).toMatchObject({ status: 201, body: { name: 'x, read' } });
    expect(await make(url, 'k')).toEqual({ ...first, replayed: true });
    isJammed = true;
    expect(await make(url, 'k')).toEqual({ ...first, replayed: true });
    expect(await make(url, 'k', { name: 'y' })).toMatchObject({ status: 422 });
    expect(await make(url, 'other')).toMatchObject({ status: 423, replayed: false });
    expect([await count('widget'), await count('idempotency')]).toEqual([1, 1]);
  });
});

describe('a command whose key is taken', () => {
  test('gets the first response, whatever its own work came to before it knew', async () => {
    let runs = 0;
    const makeWidget: WidgetHandlers['makeWidget'] = command(async (tx, input, { errors }) => {
      runs += 1;
      const made = await insertWidget(tx, input);
      if (runs > 1) throw errors.JAMMED('The machine is jammed');
      return made;
    });
    const first = await make(await serve({ makeWidget }), 'k');
    expect(first).toMatchObject({ status: 201 });
    expect(await make(await serve({ makeWidget }), 'k')).toEqual({ ...first, replayed: true });
    expect(runs).toBe(2);
    expect([await count('widget'), await count('outbox'), await count('audit_log')]).toEqual([1, 1, 1]);
  });

  test('gets it also when its own work sends nothing to the database', async () => {
    let runs = 0;
    const makeWidget: WidgetHandlers['makeWidget'] = command(async (tx, input, { errors }) => {
      runs += 1;
      if (runs > 1) throw errors.JAMMED('The machine is jammed');
      return insertWidget(tx, input);
    });
    const first = await make(await serve({ makeWidget }), 'k');
    expect(await make(await serve({ makeWidget }), 'k')).toEqual({ ...first, replayed: true });
  });
});

describe('a command that prepares', () => {
  const openTransactions = async (): Promise<number> =>
    (
      await database().one<{ n: number }>(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()`,
      )
    ).n;

  /** Counts how often it asked, and goes on only once no transaction is open. */
  const asking = () => {
    const asked: string[] = [];
    const makeWidget: WidgetHandlers['makeWidget'] = command({
      prepare: async (input) => {
        asked.push(input.name);
        await until(async () => (await openTransactions()) === 0);
        return { ...input, name: `${input.name}, prepared` };
      },
      commit: async (tx, _input, _request, prepared) => insertWidget(tx, prepared),
    });
    return { asked, handlers: { makeWidget } };
  };

  test('answers a repeat without asking again, the first time and ever after', async () => {
    const { asked, handlers } = asking();
    const url = await serve(handlers);
    for (const key of ['one', 'two']) {
      const first = await make(url, key);
      expect(first).toMatchObject({ status: 201, replayed: false, body: { name: 'x, prepared' } });
      expect(await make(url, key)).toEqual({ ...first, replayed: true });
      expect(await make(url, key, { name: 'y' })).toMatchObject({ status: 422 });
    }
    expect(asked).toHaveLength(2);
    expect([await count('widget'), await count('idempotency')]).toEqual([2, 2]);
  });

  test('a repeat in another process that never ran it is answered without asking', async () => {
    const { asked, handlers } = asking();
    const first = await make(await serve(), 'k');
    expect(await make(await serve(handlers), 'k')).toEqual({ ...first, replayed: true });
    expect(asked).toEqual([]);
  });

  test('and fails before it commits leaves no claim behind', async () => {
    const makeWidget: WidgetHandlers['makeWidget'] = command({
      prepare: async (_input, { errors }) => {
        await database().one('SELECT 1');
        throw errors.JAMMED('The machine is jammed');
      },
      commit: insertWidget,
    });
    const url = await serve({ makeWidget });
    expect(await make(url, 'k')).toMatchObject({ status: 423, body: { code: 'JAMMED' } });
    expect(await make(url, 'k')).toMatchObject({ status: 423, replayed: false });
    expect(await count('idempotency')).toBe(0);
  });

  test('gets keys for other services that a repeat gets too', async () => {
    const keys: string[] = [];
    const makeWidget: WidgetHandlers['makeWidget'] = command({
      prepare: async (_input, { derivedKey, errors }) => {
        keys.push(derivedKey('pay'), derivedKey('ship'));
        throw errors.JAMMED('The machine is jammed');
      },
      commit: insertWidget,
    });
    const url = await serve({ makeWidget });
    for (const key of ['k', 'k', 'other']) await make(url, key);
    expect(keys.slice(2, 4)).toEqual(keys.slice(0, 2));
    expect(new Set(keys).size).toBe(4);
  });

  test('and was overtaken starts over: everything is undone, and the transaction runs with other preparations', async () => {
    const makeWidget: WidgetHandlers['makeWidget'] = command({
      prepare: async () => 3,
      commit: async (tx, input, _request, tries) => {
        const made = await insertWidget(tx, { ...input, count: tries });
        if (tries > 0) throw startOver(tries - 1);
        return made;
      },
    });
    expect(await make(await serve({ makeWidget }), 'k')).toMatchObject({ status: 201, body: { count: 0 } });
    expect([await count('widget'), await count('outbox'), await count('audit_log')]).toEqual([1, 1, 1]);
  });

  test('asks others only when its transaction finds that it has to', async () => {
    let asked = 0;
    const makeWidget: WidgetHandlers['makeWidget'] = command({
      commit: async (tx, input, _request, answer?: number) => {
        const made = await insertWidget(tx, { ...input, count: answer ?? 0 });
        if (input.name === 'rare' && answer === undefined) throw startOverWith(async () => (asked += 1));
        return made;
      },
    });
    const url = await serve({ makeWidget });
    expect(await make(url, 'k')).toMatchObject({ status: 201, body: { count: 0 } });
    expect(asked).toBe(0);
    expect(await make(url, 'l', { name: 'rare' })).toMatchObject({ status: 201, body: { count: 1 } });
    expect([await count('widget'), asked]).toEqual([2, 1]);
  });

  test('and starts over for ever fails in the end', async () => {
    const makeWidget: WidgetHandlers['makeWidget'] = command(async () => {
      throw startOver(undefined);
    });
    expect(await make(await serve({ makeWidget }), 'k')).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
  });
});

describe('a command with something to do afterwards', () => {
  test('does it once, when the transaction has committed', async () => {
    const seen: [name: string, rows: number][] = [];
    const makeWidget: WidgetHandlers['makeWidget'] = command({
      commit: insertWidget,
      after: async ({ name }) => void seen.push([name, await count('widget')]),
    });
    const url = await serve({ makeWidget });
    const first = await make(url, 'k');
    expect(await make(url, 'k')).toEqual({ ...first, replayed: true });
    expect(seen).toEqual([['x', 1]]);
  });

  test('does not do it for what was refused', async () => {
    const seen: string[] = [];
    const makeWidget: WidgetHandlers['makeWidget'] = command({
      commit: async (_tx, _input, { errors }) => remember(errors.TOO_MANY('Only 3 fit', { limit: 3 })),
      after: ({ name }) => void seen.push(name),
    });
    expect(await make(await serve({ makeWidget }), 'k')).toMatchObject({ status: 409 });
    expect(seen).toEqual([]);
  });
});

test('a failure that is returned without a word is a defect: a 500 that leaves nothing', async () => {
  const makeWidget: WidgetHandlers['makeWidget'] = command(async (tx, input, { errors }) => {
    await insertWidget(tx, input);
    return errors.JAMMED('The machine is jammed') as never;
  });
  expect(await make(await serve({ makeWidget }), 'k')).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
  expect([await count('widget'), await count('idempotency')]).toEqual([0, 0]);
});

test('the type checker refuses a command that is a plain function, and a query that is a command', () => {
  const plain = async () => ({ id: '', name: '', count: 1 });
  const refused: Partial<WidgetHandlers> = {
    // @ts-expect-error A command is made by command(…).
    makeWidget: plain,
    // @ts-expect-error A query is a plain function.
    getWidget: command(plain),
  };
  expect(Object.keys(refused)).toHaveLength(2);
});

describe('a failure that the contract does not declare', () => {
  const failing = async (
    origin: string | undefined,
    fields: Partial<ConstructorParameters<typeof Problem>[0]> = {},
  ) => {
    const makeWidget: WidgetHandlers['makeWidget'] = command(async () => {
      const problem = new Problem({ code: 'PERSON_NOT_FOUND', status: 404, title: 'Person not found', ...fields });
      problem.origin = origin;
      throw problem;
    });
    const { status, body } = await make(await serve({ makeWidget }), 'k');
    return [status, (body as { code: string }).code];
  };

  test('is a fault of the service, whether it is its own or that of a service it asked', async () => {
    expect(await failing(undefined)).toEqual([500, 'INTERNAL']);
    expect(await failing('people.getPerson')).toEqual([500, 'INTERNAL']);
    expect(await failing(undefined, { code: 'JAMMED', status: 404 })).toEqual([500, 'INTERNAL']);
  });

  test('of another service tells the caller nothing of inputs and credentials that were not theirs', async () => {
    expect(await failing('people.getPerson', { code: 'INVALID_INPUT', status: 400 })).toEqual([500, 'INTERNAL']);
    expect(await failing('people.getPerson', { code: 'UNAUTHENTICATED', status: 401 })).toEqual([500, 'INTERNAL']);
  });

  test('is passed on where it may pass, and where it is declared', async () => {
    expect(await failing('people.getPerson', { code: 'UNAVAILABLE', status: 503 })).toEqual([503, 'UNAVAILABLE']);
    expect(await failing('people.getPerson', { code: 'RATE_LIMITED', status: 429 })).toEqual([429, 'RATE_LIMITED']);
    expect(await failing('people.getPerson', { code: 'JAMMED', status: 423 })).toEqual([423, 'JAMMED']);
    expect(await failing(undefined, { code: 'INVALID_INPUT', status: 400 })).toEqual([400, 'INVALID_INPUT']);
  });
});

describe('a command that the database gives up', () => {
  const overdue = (statements: readonly string[]): WidgetHandlers['makeWidget'] =>
    command(async (tx, input) => {
      const made = await insertWidget(tx, input);
      for (const statement of statements) await tx.run(statement);
      return made;
    });

  test('because it waited too long for what others change changes nothing and may be tried again', async () => {
    await database().run(`INSERT INTO widget (id, name, count) VALUES ('wid_held', 'held', 1)`);
    const waiting = overdue([`SET LOCAL lock_timeout = '20ms'`, `UPDATE widget SET count = 2 WHERE id = 'wid_held'`]);
    const url = await serve({ makeWidget: waiting });
    const refused = await database().transaction(async (tx) => {
      await tx.run(`UPDATE widget SET count = 3 WHERE id = 'wid_held'`);
      return make(url, 'k');
    });
    expect(refused).toMatchObject({ status: 503, retryAfter: '1', body: { code: 'UNAVAILABLE' } });
    expect(await count('widget')).toBe(1);
    expect(await make(url, 'k')).toMatchObject({ status: 201, replayed: false });
  });

  test('because a statement took too long does as well', async () => {
    const slow = overdue([`SET LOCAL statement_timeout = '20ms'`, 'SELECT pg_sleep(5)']);
    const refused = await make(await serve({ makeWidget: slow }), 'k');
    expect(refused).toMatchObject({ status: 503, retryAfter: '1', body: { code: 'UNAVAILABLE' } });
    expect(await count('widget')).toBe(0);
  });
});
