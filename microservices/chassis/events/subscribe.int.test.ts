import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaMessage, Message } from 'kafkajs';
import { currentContext } from '../context.ts';
import { topicOf } from '../contract/index.ts';
import type { Database, Queryable } from '../database/index.ts';
import { newUuid } from '../ids.ts';
import { Problem } from '../problem.ts';
import { createTestDatabase, openChassisDatabase, type TestDatabase } from '../testing/database.ts';
import { startTestKafka, type TestKafka } from '../../../infra/test/kafka.ts';
import { silentLog } from '../testing/log.ts';
import { until } from '../testing/until.ts';
import { widgetsContract } from '../testing/widgets.ts';
import { toMessage, type CommerceEvent } from './envelope.ts';
import { react, type Reaction } from './reaction.ts';
import { subscribe, type SubscribeOptions, type Subscription } from './subscribe.ts';

let own: TestDatabase;
let broker: TestKafka;
let database: Database;
let group: string;
let number = 0;
const running: Subscription[] = [];
const topic = topicOf(widgetsContract);
const deadLetters = `${topic}.dlq`;
let outcomes: Record<'applied' | 'duplicate' | 'dead-lettered', number>;

beforeAll(async () => {
  own = await createTestDatabase();
  broker = await startTestKafka();
});
afterAll(async () => {
  await broker.stop();
  await own.drop();
});

beforeEach(async () => {
  await broker.createTopic(topic, 2);
  group = `g${(number += 1)}`;
  database = await openChassisDatabase(own, group);
  await database.run(
    'CREATE TABLE effect (position serial PRIMARY KEY, event_id uuid NOT NULL, subject text NOT NULL, name text NOT NULL)',
  );
  outcomes = { applied: 0, duplicate: 0, 'dead-lettered': 0 };
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((subscription) => subscription.stop()));
  await broker.clear();
});

const madeEvent = (subject: string, name: string, sequence = 1): CommerceEvent => ({
  id: newUuid(),
  type: 'widget.made',
  source: '/widgets',
  subject,
  time: new Date().toISOString(),
  sequence,
  correlationid: `story of ${subject}`,
  dataschema: '/events/schemas/widget.made',
  data: { name },
});
const send = (...events: CommerceEvent[]) => broker.producer.send({ topic, acks: -1, messages: events.map(toMessage) });

const start = async (
  reactions: readonly Reaction[],
  options: Partial<SubscribeOptions> = {},
): Promise<Subscription> => {
  const subscription = subscribe({
    kafka: broker.kafka,
    producer: broker.producer,
    group,
    database,
    contract: widgetsContract,
    reactions,
    log: silentLog,
    // As often as in production, sooner: what is tested is that it waits, not how long.
    retryDelaysMs: [5, 10, 20, 40],
    unavailableDelayMs: 50,
    onHandled: (outcome, events) => (outcomes[outcome] += events),
    ...options,
  });
  running.push(subscription);
  await subscription.joined;
  return subscription;
};

const record = (tx: Queryable, event: CommerceEvent<{ name: string }>) =>
  tx.run('INSERT INTO effect (event_id, subject, name) VALUES ($1, $2, $3)', [
    event.id,
    event.subject,
    event.data.name,
  ]);
const recording = react(widgetsContract, 'widget.made', async (event, tx) => {
  await record(tx, event);
});
const effects = async (): Promise<string[]> =>
  (await database.rows<{ name: string }>('SELECT name FROM effect ORDER BY position')).map(({ name }) => name);
const effectsReach = (count: number) => until(async () => (await effects()).length >= count);
const header = (message: KafkaMessage | undefined, name: string) => message?.headers?.[name]?.toString();

describe('a subscription', () => {
  test('applies the events it reacts to, in order per aggregate, and passes over the others', async () => {
    await start([recording]);
    await send(
      madeEvent('a', 'a1', 1),
      { ...madeEvent('a', 'x', 2), type: 'widget.broken', data: {} },
      madeEvent('a', 'a3', 3),
      madeEvent('b', 'b1'),
    );
    await effectsReach(3);
    expect((await effects()).filter((name) => name.startsWith('a'))).toEqual(['a1', 'a3']);
    expect(outcomes).toEqual({ applied: 3, duplicate: 0, 'dead-lettered': 0 });
    expect(await broker.read(deadLetters)).toEqual([]);
  });

  test('each event delivered five times, and again out of order, has its effect once', async () => {
    await start([recording]);
    const events = Array.from({ length: 40 }, (_, i) => madeEvent(`w${i % 4}`, `n${i}`, i));
    for (let round = 0; round < 5; round += 1) await send(...(round % 2 ? events.toReversed() : events));
    await until(() => outcomes.applied + outcomes.duplicate === 200);
    expect(outcomes).toEqual({ applied: 40, duplicate: 160, 'dead-lettered': 0 });
    expect((await effects()).toSorted()).toEqual(events.map(({ data }) => (data as { name: string }).name).toSorted());
  });

  test('of two consumers in the group each event is applied by one', async () => {
    await start([recording]);
    await start([recording]);
    for (let i = 0; i < 20; i += 1) await send(madeEvent(`w${i}`, `n${i}`));
    await effectsReach(20);
    expect(await effects()).toHaveLength(20);
  });

  test('a reaction’s own events commit with it, as part of the same story', async () => {
    let seen = '';
    let commits = 0;
    const answering = react(widgetsContract, 'widget.made', async (event, tx) => {
      seen = currentContext().correlationId;
      tx.append('widget.broken', event.subject, {});
    });
    await start([answering], { onCommit: () => (commits += 1) });
    const [first, second] = [madeEvent('a', '1'), madeEvent('b', '2')];
    await send(first, second);
    await until(() => outcomes.applied === 2);
    expect(
      await database.rows('SELECT aggregateid, correlationid, causationid FROM outbox ORDER BY aggregateid'),
    ).toEqual([
      { aggregateid: 'a', correlationid: 'story of a', causationid: first.id },
      { aggregateid: 'b', correlationid: 'story of b', causationid: second.id },
    ]);
    expect(seen).toMatch(/^story of/);
    expect(commits).toBeGreaterThan(0);
  });

  test('what prepare answers reaches apply', async () => {
    const looking = react(
      widgetsContract,
      'widget.made',
      async (event, tx, prepared: string) => {
        await record(tx, { ...event, data: { name: prepared } });
      },
      async (event) => `asked about ${event.data.name}`,
    );
    await start([looking]);
    await send(madeEvent('a', 'x'));
    await effectsReach(1);
    expect(await effects()).toEqual(['asked about x']);
  });

  test('several reactions to one event are applied together or not at all', async () => {
    let failures = 3;
    const failing = react(widgetsContract, 'widget.made', async () => {
      if (failures-- > 0) throw new Error('not yet');
    });
    await start([recording, failing]);
    await send(madeEvent('a', 'x'));
    await until(() => outcomes.applied === 1);
    expect(await effects()).toEqual(['x']);
  });
});

describe('a message that cannot be applied', () => {
  const refusing = react(widgetsContract, 'widget.made', async (event, tx) => {
    await record(tx, event);
    if (event.data.name.startsWith('bad')) throw new TypeError(`cannot make ${event.data.name}`);
  });

  test('goes to the dead letters byte for byte with what went wrong, and those around it are applied', async () => {
    await start([refusing]);
    const bad = madeEvent('a', 'bad', 2);
    await send(madeEvent('a', 'before', 1), bad, madeEvent('a', 'after', 3));
    await until(() => outcomes['dead-lettered'] === 1 && outcomes.applied === 2);
    expect(await effects()).toEqual(['before', 'after']);

    const [letter, ...rest] = await broker.read(deadLetters);
    expect(rest).toEqual([]);
    expect(letter?.key?.toString()).toBe('a');
    expect(letter?.value?.toString()).toBe(JSON.stringify(bad.data));
    expect(header(letter, 'ce_id')).toBe(bad.id);
    expect(header(letter, 'dlq_error')).toBe('cannot make bad');
    expect(header(letter, 'dlq_error_name')).toBe('TypeError');
    expect(header(letter, 'dlq_kind')).toBe('failed');
    expect(header(letter, 'dlq_topic')).toBe(topic);
    expect(header(letter, 'dlq_group')).toBe(group);
    expect(header(letter, 'dlq_offset')).toBe('1');
    expect(Number.isNaN(Date.parse(header(letter, 'dlq_time') ?? ''))).toBe(false);
    // It had no effect and was not taken for seen: a replay of the dead letter can still succeed.
    expect(await database.rows('SELECT 1 FROM inbox WHERE event_id = $1', [bad.id])).toEqual([]);
  });

  test.each<[string, Pick<Message, 'headers' | 'value'>, RegExp]>([
    ['no value', { headers: toMessage(madeEvent('a', 'x')).headers, value: null }, /it has no value/],
    ['no JSON', { headers: toMessage(madeEvent('a', 'x')).headers, value: Buffer.from('{') }, /its value is not JSON/],
    ['no id', { headers: { ce_type: 'widget.made' }, value: Buffer.from('{}') }, /header ce_id is missing/],
    [
      'an id that is no UUID',
      { headers: { ...toMessage(madeEvent('a', 'x')).headers, ce_id: '1; DROP' }, value: Buffer.from('{}') },
      /not a UUID/,
    ],
  ])('undecodable, %s: to the dead letters, told apart from failures', async (_what, message, reason) => {
    await start([recording]);
    await broker.producer.send({ topic, messages: [{ ...message, key: 'a' }, toMessage(madeEvent('a', 'after'))] });
    await until(() => outcomes['dead-lettered'] === 1 && outcomes.applied === 1);
    const [letter] = await broker.read(deadLetters);
    expect(header(letter, 'dlq_kind')).toBe('undecodable');
    expect(header(letter, 'dlq_error')).toMatch(reason);
    expect(await effects()).toEqual(['after']);
  });

  test('a payload that breaks the contract goes to the dead letters', async () => {
    await start([recording]);
    await send({ ...madeEvent('a', 'x'), data: { name: 7 } });
    await until(() => outcomes['dead-lettered'] === 1);
    expect(await effects()).toEqual([]);
  });

  test('one that fails and then works is applied once', async () => {
    let failures = 2;
    const shaky = react(widgetsContract, 'widget.made', async (event, tx) => {
      await record(tx, event);
      if (failures-- > 0) throw new Error('not yet');
    });
    await start([shaky]);
    await send(madeEvent('a', 'x'));
    await until(() => outcomes.applied === 1);
    expect(await effects()).toEqual(['x']);
    expect(await broker.read(deadLetters)).toEqual([]);
  });
});

describe('what an event is not to blame for', () => {
  const away = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

  test('the database away: the partition waits, longer than any retry, and nothing is dead-lettered', async () => {
    let attempts = 0;
    let isAway = true;
    const flaky: Database = {
      ...database,
      transaction: (work) => {
        attempts += 1;
        return isAway ? Promise.reject(away()) : database.transaction(work);
      },
    };
    await start([recording], { database: flaky });
    await send(madeEvent('a', '1', 1), madeEvent('a', '2', 2));
    await until(() => attempts > 6); // more often than what is dead-lettered is tried
    isAway = false;
    await effectsReach(2);
    expect(await effects()).toEqual(['1', '2']);
    expect(await broker.read(deadLetters)).toEqual([]);
  });

  test.each([
    ['a service that is away', () => new Problem({ code: 'UNAVAILABLE', status: 503, title: 'away' })],
    ['a service that is busy', () => new Problem({ code: 'RATE_LIMITED', status: 429, title: 'busy' })],
    ['the same call in flight', () => new Problem({ code: 'IDEMPOTENCY_IN_FLIGHT', status: 409, title: 'in flight' })],
    ['rows that others hold', () => Object.assign(new Error('lock timeout'), { code: '55P03' })],
  ])('%s: the event waits', async (_what, failure) => {
    let failures = 6;
    const asking = react(
      widgetsContract,
      'widget.made',
      async (event, tx) => void (await record(tx, event)),
      async () => {
        if (failures-- > 0) throw failure();
      },
    );
    await start([asking]);
    await send(madeEvent('a', 'x'));
    await effectsReach(1);
    expect(await broker.read(deadLetters)).toEqual([]);
  });

  test('the broker away and back: consumption goes on', async () => {
    await start([recording]);
    await send(madeEvent('a', '1', 1));
    await effectsReach(1);
    await broker.down();
    await sleep(300);
    await broker.up();
    await send(madeEvent('a', '2', 2));
    await effectsReach(2);
    expect(await effects()).toEqual(['1', '2']);
  });
});

describe('stopping', () => {
  test('finishes the work in flight and commits its offset: whoever comes next starts after it', async () => {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const slow = react(widgetsContract, 'widget.made', async (event, tx) => {
      begin();
      await sleep(200);
      await record(tx, event);
    });
    const first = await start([slow]);
    await send(madeEvent('a', '1', 1));
    await begun;
    await first.stop();
    running.splice(0);
    expect(await effects()).toEqual(['1']);

    await start([recording]);
    await send(madeEvent('a', '2', 2));
    await effectsReach(2);
    expect(outcomes).toEqual({ applied: 2, duplicate: 0, 'dead-lettered': 0 });
  });

  test('while an event waits for the database leaves it for whoever comes next', async () => {
    let tried = 0;
    const never: Database = {
      ...database,
      transaction: () => (tried++, Promise.reject(Object.assign(new Error('away'), { code: '57P03' }))),
    };
    const first = await start([recording], { database: never });
    await send(madeEvent('a', 'x'));
    await until(() => tried > 1);
    await first.stop();
    running.splice(0);
    await start([recording]);
    await effectsReach(1);
    expect(await effects()).toEqual(['x']);
    expect(await broker.read(deadLetters)).toEqual([]);
  });
});
