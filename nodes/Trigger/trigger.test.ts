import fc from 'fast-check';
import { brokersOf } from './connection.ts';
import { withoutCodes } from '../run/network-errors.ts';
import { explain } from './error-messages.ts';
import { filterOf } from './filter.ts';
import { runJourney, type Run } from './journey.ts';
import { delayAfter } from './retry.ts';
import { markOf, offsetsToSet, type PartitionState, type StartPosition } from './start-position.ts';
import { startWatchdog } from './watchdog.ts';

describe('retries', () => {
  test('wait between half and the whole of a delay that doubles up to its limit, and end after the last attempt', () => {
    const policy = fc.record({
      attempts: fc.integer({ min: 1, max: 50 }),
      firstDelayMs: fc.integer({ min: 0, max: 60_000 }),
      maxDelayMs: fc.integer({ min: 0, max: 600_000 }),
    });
    fc.assert(
      fc.property(
        policy,
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (p, failed, random) => {
          const delay = delayAfter(p, failed, random);
          if (failed >= p.attempts) return delay === undefined;
          const whole = Math.min(p.maxDelayMs, p.firstDelayMs * 2 ** (failed - 1));
          return delay !== undefined && delay >= Math.floor(whole / 2) && delay <= Math.ceil(whole);
        },
      ),
    );
  });
});

describe('an execution’s end', () => {
  const ended = (run: Run | undefined) => runJourney((done) => done.resolve(run), 1_000);
  const rejected = (error: Error) => runJourney((done) => done.reject(error), 1_000);

  test('is told apart by n8n’s own words', async () => {
    expect(await ended({ status: 'success' })).toEqual({ kind: 'done', status: 'success' });
    expect(await ended({ status: 'waiting' })).toEqual({ kind: 'done', status: 'waiting' });
    expect(await ended({ status: 'canceled' })).toEqual({ kind: 'stopped' });
    expect(await ended(undefined)).toEqual({ kind: 'started before' });
    const data = {
      resultData: { error: { message: 'No stock', description: 'of SKU-1' }, lastNodeExecuted: 'Reserve' },
    };
    expect(await ended({ status: 'error', data })).toEqual({
      kind: 'failed',
      reason: 'No stock: of SKU-1',
      node: 'Reserve',
    });
    expect(await ended({ status: 'crashed' })).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('crashed') as string,
    });
    expect(await rejected(Object.assign(new Error('cancelled'), { reason: 'manual' }))).toEqual({ kind: 'stopped' });
    expect(await rejected(Object.assign(new Error('cancelled'), { reason: 'shutdown' }))).toEqual({
      kind: 'interrupted',
    });
    expect(await rejected(Object.assign(new Error('timed out'), { reason: 'timeout' }))).toMatchObject({
      kind: 'failed',
    });
  });

  test('that does not come is overdue, and a start that throws has failed', async () => {
    expect(await runJourney(() => undefined, 10)).toMatchObject({ kind: 'overdue' });
    const throwing = () => {
      throw new Error('no database');
    };
    expect(await runJourney(throwing, 1_000)).toEqual({ kind: 'failed', reason: 'no database', node: null });
  });
});

describe('the offsets to begin at', () => {
  const state = (more: Partial<PartitionState>): PartitionState => ({
    topic: 't',
    partition: 0,
    committed: '5',
    metadata: null,
    chosen: '9',
    end: '9',
    ...more,
  });
  const positions: StartPosition[] = [
    { at: 'committed' },
    { at: 'latest' },
    { at: 'earliest' },
    { at: 'timestamp', timestamp: 1 },
  ];

  test.each(positions)('are set for a partition without one, whatever the position: $at', (position) => {
    expect(offsetsToSet(position, [state({ committed: undefined })])).toEqual([
      { topic: 't', partition: 0, offset: '9' },
    ]);
  });

  test.each(positions)('are not set again when the last commit came from the same position: $at', (position) => {
    expect(offsetsToSet(position, [state({ metadata: markOf(position) })])).toEqual([]);
  });

  test('are set once when the position was changed, but never by "where it left off"', () => {
    expect(
      offsetsToSet({ at: 'timestamp', timestamp: 2 }, [state({ metadata: markOf({ at: 'timestamp', timestamp: 1 }) })]),
    ).toHaveLength(1);
    expect(offsetsToSet({ at: 'committed' }, [state({ metadata: markOf({ at: 'latest' }) })])).toEqual([]);
  });
});

describe('the filter’s form', () => {
  const filter = (rows: object[], combine = 'all') =>
    filterOf((name) => (name === 'combine' ? combine : { condition: rows }));

  test('becomes a filter with typed values', () => {
    expect(filter([])).toBeNull();
    const rows = [
      { field: ' data.total ', operator: 'greaterThan', kind: 'number', value: '100' },
      { field: 'data.lines.*.sku', operator: 'in', kind: 'text', value: 'A, B' },
      { field: 'data.gift', operator: 'equals', kind: 'boolean', value: 'true' },
      { field: 'data.note', operator: 'notExists' },
    ];
    expect(filter(rows, 'any')).toEqual({
      combine: 'any',
      conditions: [
        { field: 'data.total', operator: 'greaterThan', value: 100 },
        { field: 'data.lines.*.sku', operator: 'in', value: ['A', 'B'] },
        { field: 'data.gift', operator: 'equals', value: true },
        { field: 'data.note', operator: 'exists', value: false },
      ],
    });
  });

  test('says which condition is invalid', () => {
    const good = { field: 'data.a', operator: 'equals', kind: 'text', value: 'x' };
    expect(() => filter([good, { ...good, field: 'prototype' }])).toThrow(
      'Condition 2 is invalid: a field is id, type',
    );
    expect(() => filter([{ ...good, kind: 'number', value: '' }])).toThrow('not a number');
    expect(() => filter([{ ...good, kind: 'boolean', value: 'yes' }])).toThrow('true or false');
    expect(() => filter([{ ...good, operator: 'startsWith', kind: 'number', value: '5' }])).toThrow('expected string');
    expect(() => filter([{ ...good, operator: 'startsWith', value: '' }])).toThrow('at least 1 characters');
    expect(() => filter([{ ...good, operator: 'greaterThan', kind: 'boolean', value: 'true' }])).toThrow('Condition 1');
    expect(() => filter([{ ...good, operator: 'like' }])).toThrow('there is no operator like');
    expect(() => filter(Array.from({ length: 21 }, () => good))).toThrow('conditions: expected at most 20 items');
    expect(() => filter([good], 'none')).toThrow('combine: expected one of all, any');
  });
});

describe('words for what Kafka refuses', () => {
  const causes = { brokers: ['kafka:9092'], username: 'ada', group: 'fusioncommerce.w.n' };
  // As kafkajs makes them of a broker's answer.
  const refused = (type: string) =>
    Object.assign(new Error('Not authorized'), { name: 'KafkaJSProtocolError', type, code: 29, retriable: false });

  test('name the user, the group and the way out', () => {
    expect(explain(refused('TOPIC_AUTHORIZATION_FAILED'), causes)).toMatch(/Access denied: the user "ada".*topics/);
    expect(explain(refused('GROUP_AUTHORIZATION_FAILED'), causes)).toMatch(/"fusioncommerce\.w\.n".*Grant it Read/);
    expect(
      explain(Object.assign(new Error('SCRAM failed'), { name: 'KafkaJSSASLAuthenticationError' }), causes),
    ).toMatch(/refused the user "ada"/);
    expect(explain(new Error('No event type is chosen.'), causes)).toBe('No event type is chosen.');
  });

  test('do without the codes that n8n would replace the whole message for', () => {
    expect(withoutCodes('connect ECONNREFUSED 10.0.0.1:9092')).toBe('connect connection refused 10.0.0.1:9092');
  });

  test('brokers are host:port', () => {
    expect(brokersOf({ brokers: 'a:1, b:2\n[::1]:3' })).toEqual(['a:1', 'b:2', '[::1]:3']);
    expect(() => brokersOf({ brokers: 'http://a:1' })).toThrow('"http://a:1"');
  });
});

describe('the watchdog', () => {
  const watch = (probe: () => Promise<void>) => {
    const clock = { now: 0 };
    const said: string[] = [];
    const watchdog = startWatchdog({
      silenceMs: 100,
      checkEveryMs: 1,
      now: () => clock.now,
      probe,
      onAway: () => said.push('away'),
      onBack: () => said.push('back'),
      onSilent: () => said.push('silent'),
    });
    const rounds = () => new Promise((resolve) => setTimeout(resolve, 30));
    return { clock, said, watchdog, rounds };
  };

  test('says nothing while signs come, and that reading has stopped when none come from a broker that answers', async () => {
    const { clock, said, watchdog, rounds } = watch(async () => undefined);
    clock.now = 90;
    watchdog.sign();
    clock.now = 180;
    await rounds();
    expect(said).toEqual([]);
    clock.now = 300;
    await rounds();
    watchdog.stop();
    expect(said[0]).toBe('silent');
  });

  test('tells an outage once, and its end', async () => {
    let isAway = true;
    const { clock, said, watchdog, rounds } = watch(async () => {
      if (isAway) throw new Error('away');
    });
    clock.now = 200;
    await rounds();
    expect(said).toEqual(['away']);
    isAway = false;
    await rounds();
    watchdog.stop();
    expect(said).toEqual(['away', 'back']);
  });
});
