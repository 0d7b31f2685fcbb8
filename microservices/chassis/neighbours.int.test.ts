import { createClient } from './client.ts';
import { currentContext, runInContext } from './context.ts';
import type { Database } from './database/index.ts';
import { newId } from './ids.ts';
import { createNeighbourClient, type Neighbours } from './neighbours.ts';
import { Problem } from './problem.ts';
import { createTestDatabase, openChassisDatabase, type TestDatabase } from './testing/database.ts';
import { recordingLog } from './testing/log.ts';
import {
  authenticateWidgets,
  executeWidgets,
  serveWidgets,
  type ServedWidgets,
  type WidgetHandlers,
} from './testing/serve-widgets.ts';
import { widgetsContract } from './testing/widgets.ts';

let own: TestDatabase;
let database: Database;
let served: ServedWidgets;
const { log, lines } = recordingLog();
const answered: [string, number][] = [];

beforeAll(async () => {
  own = await createTestDatabase();
  database = await openChassisDatabase(own);
  await database.run('CREATE TABLE widget (id text PRIMARY KEY, name text, count int)');
  served = await serveWidgets({ database });
});
afterAll(async () => {
  await served.stop();
  await own.drop();
});

const neighboursWith = (handlers: Partial<WidgetHandlers> = {}): Neighbours =>
  new Map([
    [
      'widgets',
      {
        execute: executeWidgets(database, handlers),
        log,
        observe: (operation, status) => void answered.push([operation, status]),
      },
    ],
  ]);

/** Nothing answers at this URL: what succeeds went no detour. */
const byCall = (neighbours = neighboursWith()) =>
  createNeighbourClient(widgetsContract, {
    url: 'http://127.0.0.1:1',
    credential: 'fc_admin',
    neighbours,
    authenticate: authenticateWidgets,
    attempts: 2,
  });
const overHttp = () => createClient(widgetsContract, { url: served.url, credential: 'fc_admin' });

const failureOf = async (call: Promise<unknown>): Promise<Problem> => {
  const failure: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof Problem)) throw new Error('expected a Problem', { cause: failure });
  return failure;
};

describe('a client of a service in the same process', () => {
  test('needs no HTTP, and answers what HTTP would', async () => {
    const made = await byCall().makeWidget({ name: '  é  ' });
    expect(made).toEqual({ id: made.id, name: 'é', count: 1 });
    expect(await byCall().getWidget({ widgetId: made.id })).toEqual(await overHttp().getWidget({ widgetId: made.id }));
    expect(answered.slice(-2)).toEqual([
      ['makeWidget', 201],
      ['getWidget', 200],
    ]);
  });

  test.each<[string, (client: ReturnType<typeof overHttp>) => Promise<unknown>]>([
    ['bad input', (client) => client.makeWidget({ name: '', count: 0 })],
    ['an expected failure', (client) => client.getWidget({ widgetId: `wid_${'0'.repeat(32)}` })],
    ['an unknown key', (client) => client.makeWidget({ name: 'x' }, { credential: 'fc_unknown' })],
    ['a key without the scope', (client) => client.makeWidget({ name: 'x' }, { credential: 'fc_reader' })],
    ['what nobody expected', (client) => client.breakWidget({ widgetId: newId('wid') })],
  ])('%s: the same problem either way', async (_what, ask) => {
    const [here, there] = [await failureOf(ask(byCall())), await failureOf(ask(overHttp()))];
    expect(here.toBody()).toEqual(there.toBody());
  });

  test('an unexpected failure is in the service’s log and not in the answer', async () => {
    const failure = await failureOf(byCall().breakWidget({ widgetId: newId('wid') }));
    expect(failure.message).not.toContain('vault');
    expect((lines.at(-1)?.['err'] as Error).message).toContain('vault');
  });

  test('the same key gives the same answer, by call and over HTTP', async () => {
    const first = await byCall().makeWidget({ name: 'x' }, { idempotencyKey: 'k' });
    expect(await byCall().makeWidget({ name: 'x' }, { idempotencyKey: 'k' })).toEqual(first);
    expect(await overHttp().makeWidget({ name: 'x' }, { idempotencyKey: 'k' })).toEqual(first);
  });

  test('carries the story on', async () => {
    let seen: unknown;
    const listWidgets: WidgetHandlers['listWidgets'] = async () => {
      seen = currentContext();
      return { items: [], nextCursor: null, asked: null };
    };
    await runInContext({ correlationId: 'story', causationId: 'event', address: '192.0.2.1' }, () =>
      byCall(neighboursWith({ listWidgets })).listWidgets({}),
    );
    expect(seen).toMatchObject({ correlationId: 'story', causationId: 'story', address: '192.0.2.1' });
  });

  test('hands over copies: neither side sees the other’s later changes', async () => {
    const kept = { items: [], nextCursor: null, asked: { list: [1] } };
    const answer = await byCall(neighboursWith({ listWidgets: async () => kept })).listWidgets({});
    kept.asked.list.push(2);
    expect(answer.asked).toEqual({ list: [1] });
  });

  test('an answer that the contract does not allow is a fault of the service', async () => {
    const listWidgets = (async () => ({
      items: [{ id: 'nonsense' }],
      nextCursor: null,
    })) as unknown as WidgetHandlers['listWidgets'];
    expect(await failureOf(byCall(neighboursWith({ listWidgets })).listWidgets({}))).toMatchObject({
      status: 500,
      code: 'INTERNAL',
    });
  });

  test('a service that has stopped here is asked where it answers', async () => {
    const neighbours = neighboursWith();
    const client = createNeighbourClient(widgetsContract, {
      url: served.url,
      credential: 'fc_admin',
      neighbours,
      authenticate: authenticateWidgets,
    });
    neighbours.delete('widgets');
    expect(await client.makeWidget({ name: 'x' })).toMatchObject({ name: 'x' });
    expect((await failureOf(byCall(neighbours).getWidget({ widgetId: newId('wid') }))).status).toBe(503);
  });
});
