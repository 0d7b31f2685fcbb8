import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Producer } from 'kafkajs';
import { runInContext } from '../context.ts';
import type { Database } from '../database/index.ts';
import { createTestDatabase, openChassisDatabase, type TestDatabase } from '../testing/database.ts';
import { startTestKafka, type TestKafka } from '../../../infra/test/kafka.ts';
import { recordingLog, silentLog } from '../testing/log.ts';
import { until } from '../testing/until.ts';
import { fromMessage, type CommerceEvent } from './envelope.ts';
import { newUuid } from '../ids.ts';
import { flushOutbox } from './outbox.ts';
import type { Relay, RelayOptions } from './relay.ts';
import { startRelays, type Relays } from './relays.ts';

let own: TestDatabase;
let broker: TestKafka;
let database: Database;
let topic: string;
let number = 0;
const relays: Relay[] = [];
const loops: Relays[] = [];

beforeAll(async () => {
  own = await createTestDatabase();
  broker = await startTestKafka();
});
afterAll(async () => {
  await broker.stop();
  await own.drop();
});
beforeEach(async () => {
  number += 1;
  topic = `commerce.t${number}`;
  database = await openChassisDatabase(own, `t${number}`);
  await broker.createTopic(topic, 3);
});
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  await Promise.all(loops.splice(0).map((loop) => loop.stop()));
});

/** A relay as in a process of its own. */
const start = (options: Partial<RelayOptions> = {}): Relay => {
  const loop = startRelays({ database, log: options.log ?? silentLog });
  loops.push(loop);
  const relay = loop.add({
    database,
    producer: broker.producer,
    topic,
    source: '/widgets',
    log: silentLog,
    ...options,
  });
  relays.push(relay);
  return relay;
};
const commit = (aggregateId: string, payload: unknown = {}, events = 1): Promise<void> =>
  database.transaction((tx) =>
    flushOutbox(
      tx,
      Array.from({ length: events }, () => ({
        id: newUuid(),
        type: 'widget.made',
        aggregate: 'widget',
        aggregateId,
        payload,
      })),
    ),
  );
const published = async (): Promise<CommerceEvent[]> => (await broker.read(topic)).map(fromMessage);
const drained = (relay: Relay): Promise<number> => until('the outbox is empty', relay.backlog, (count) => count === 0);

/** Per aggregate 1, 2, 3 … as they come; what came before may come again (at least once), nothing may be skipped. */
const expectOrdered = (events: readonly CommerceEvent[]): void => {
  const last = new Map<string, number>();
  const ids = new Map<string, string>();
  for (const { id, subject, sequence } of events) {
    const before = last.get(subject) ?? 0;
    if (sequence > before) expect([subject, sequence]).toEqual([subject, before + 1]);
    last.set(subject, Math.max(before, sequence));
    const same = `${subject} ${sequence}`;
    expect([same, ids.get(same) ?? id]).toEqual([same, id]);
    ids.set(same, id);
  }
};
const distinct = (events: readonly CommerceEvent[]): number => new Set(events.map(({ id }) => id)).size;

test('publishes an event as it was committed, under its aggregate’s key', async () => {
  const relay = start();
  await runInContext({ correlationId: 'story', causationId: 'cause' }, () => commit('wid_1', { name: 'é' }));
  relay.wake();
  await drained(relay);
  const [message] = await broker.read(topic);
  expect(message?.key?.toString()).toBe('wid_1');
  expect(message && fromMessage(message)).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    type: 'widget.made',
    source: '/widgets',
    subject: 'wid_1',
    time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    sequence: 1,
    correlationid: 'story',
    causationid: 'cause',
    dataschema: '/events/schemas/widget.made',
    data: { name: 'é' },
  });
});

test('keeps the order of every aggregate while many transactions commit, and publishes each event once', async () => {
  const relay = start();
  const write = async (id: string): Promise<void> => {
    for (let i = 0; i < 15; i += 1) {
      await commit(id, {}, 1 + (i % 3));
      relay.wake();
    }
  };
  await Promise.all(['a', 'b', 'c', 'd', 'e', 'a', 'b'].map(write));
  await drained(relay);
  const events = await published();
  expectOrdered(events);
  expect([events.length, distinct(events)]).toEqual([7 * 30, 7 * 30]);
});

test('publishes a backlog that is larger than one batch, and larger than what a broker takes at once', async () => {
  for (const id of ['a', 'b']) await commit(id, { bulk: 'x'.repeat(2_000) }, 900);
  const relay = start();
  await drained(relay);
  const events = await published();
  expectOrdered(events);
  expect(events).toHaveLength(1_800);
});

test('an aggregate whose positions are out of order (cached sequences) is still published in order', async () => {
  await commit('a', {}, 4);
  await database.run('UPDATE outbox SET position = 1000 - position');
  await commit('b');
  await drained(start());
  expectOrdered(await published());
});

test('Kafka away: commits go on, events wait, and go out in order once it is back', async () => {
  const { log, lines } = recordingLog();
  const counts: number[] = [];
  const relay = start({ log, onPublished: (events) => counts.push(events) });
  await commit('a');
  relay.wake();
  await drained(relay);
  await broker.down();
  for (let i = 0; i < 5; i += 1) {
    await commit('a');
    relay.wake();
  }
  await until(() => lines.some(({ msg }) => String(msg).includes('events wait in the outbox')));
  expect(await relay.backlog()).toBe(5);
  await broker.up();
  await drained(relay);
  const events = await published();
  expectOrdered(events);
  expect(distinct(events)).toBe(6);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
});

test('of two relays one publishes; when it stops the other goes on', async () => {
  const by = { first: 0, second: 0 };
  const first = start({ onPublished: (events) => (by.first += events) });
  await commit('a');
  first.wake();
  await drained(first);
  const second = start({ onPublished: (events) => (by.second += events) });
  for (let i = 0; i < 20; i += 1) {
    await commit('a');
    first.wake();
    second.wake();
  }
  await drained(first);
  expect(by).toEqual({ first: 21, second: 0 });
  await first.stop();
  await commit('a');
  await drained(second);
  expect(by).toEqual({ first: 21, second: 1 });
  const events = await published();
  expectOrdered(events);
  expect(events).toHaveLength(22);
});

test('killed between publish and delete: the next relay publishes the same events again under the same ids, and nothing is lost', async () => {
  await commit('a', {}, 3);
  await commit('b', {}, 2);
  const doomed = spawn(process.execPath, [fileURLToPath(new URL('../testing/relay-process.ts', import.meta.url))], {
    env: {
      ...process.env,
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
      DATABASE_URL: own.url,
      SCHEMA: `t${number}`,
      BROKER: broker.address,
      TOPIC: topic,
    },
    stdio: 'inherit',
  });
  const [, signal] = (await once(doomed, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  await commit('a');
  const before = await published();
  expect(before).toHaveLength(5);

  await database.run('UPDATE lease SET expires_at = now()'); // the dead one's lease, which else runs out in 10 s
  await drained(start());
  const events = await published();
  expectOrdered(events);
  expect([events.length, distinct(events)]).toEqual([11, 6]);
  expect(events.slice(0).filter(({ id }) => before.some((earlier) => earlier.id === id))).toHaveLength(10);
});

test('a failure between publish and delete is repeated, not skipped', async () => {
  let failures = 2;
  const shaky: Producer = {
    ...broker.producer,
    send: async (record) => {
      const sent = await broker.producer.send(record);
      if (failures-- > 0) throw new Error('the acknowledgement was lost');
      return sent;
    },
  };
  await commit('a', {}, 2);
  await drained(start({ producer: shaky }));
  const events = await published();
  expectOrdered(events);
  expect([events.length, distinct(events)]).toEqual([6, 2]);
});

test('stopping finishes the batch in flight and gives the lease back', async () => {
  let sending: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (sending = resolve));
  const slow: Producer = {
    ...broker.producer,
    send: async (record) => {
      sending();
      await database.one('SELECT pg_sleep(0.1)');
      return broker.producer.send(record);
    },
  };
  await commit('a', {}, 2);
  const relay = start({ producer: slow });
  await begun;
  await relay.stop();
  expect(await relay.backlog()).toBe(0);
  expect(await published()).toHaveLength(2);
  expect(await database.rows('SELECT * FROM lease')).toEqual([]);
});

test('one loop publishes what is committed elsewhere in several schemas, also when one of them cannot be read', async () => {
  const topics = [`${topic}.a`, `${topic}.b`];
  const [first, second, broken] = await Promise.all(
    ['a', 'b', 'c'].map((name) => openChassisDatabase(own, `t${number}${name}`)),
  );
  if (!first || !second || !broken) throw new Error('three databases were opened');
  const loop = startRelays({ database, log: silentLog });
  loops.push(loop);
  const schemas = [first, second, broken];
  for (const [index, each] of schemas.entries()) {
    const name = topics[index] ?? topic;
    if (name !== topic) await broker.createTopic(name, 1);
    relays.push(
      loop.add({ database: each, producer: broker.producer, topic: name, source: '/widgets', log: silentLog }),
    );
  }
  const event = { id: newUuid(), type: 'widget.made', aggregate: 'widget', aggregateId: 'a', payload: {} };
  await first.transaction((tx) => flushOutbox(tx, [event]));
  await until(async () => (await broker.read(topics[0] ?? '')).length === 1);
  await broken.run('DROP TABLE outbox');
  await second.transaction((tx) => flushOutbox(tx, [event]));
  await until(async () => (await broker.read(topics[1] ?? '')).length === 1);
});

test('at rest writes no lease and asks once a second for all', async () => {
  const statements: string[] = [];
  const spied = { ...database, rows: <Row>(text: string) => (statements.push(text), database.rows<Row>(text)) };
  const loop = startRelays({ database: spied, log: silentLog });
  loops.push(loop);
  for (const name of ['x', 'y']) {
    const each = await openChassisDatabase(own, `t${number}${name}`);
    relays.push(loop.add({ database: each, producer: broker.producer, topic, source: '/widgets', log: silentLog }));
    expect(await each.rows('SELECT * FROM lease')).toEqual([]);
  }
  await until(() => statements.length === 2);
  expect(statements[1]).toContain(`t${number}x.outbox`);
  expect(statements[1]).toContain(`t${number}y.outbox`);
});
