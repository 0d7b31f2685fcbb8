import pg from 'pg';
import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { fraudContract } from './contract.ts';
import { fraud } from './index.ts';
import { newOrder, remote, orderWith } from './testing.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ services: [fraud], remote, environment: { FRAUD_DEADLINE_MS: '300' } });
});
afterAll(() => platform.stop());

const api = () => platform.client(fraudContract);
const risky = () => orderWith({ amount: 2_000_000, lines: [{ quantity: 50 }], paymentMethod: 'cash_on_delivery' });

/** Does something while another connection holds the tables. */
const whileLocked = async <T>(tables: string, work: () => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: platform.databaseUrl });
  await client.connect();
  try {
    await client.query(`BEGIN; LOCK TABLE ${tables} IN ACCESS EXCLUSIVE MODE`);
    return await work();
  } finally {
    await client.end();
  }
};

/** Does something while nobody can connect to the database and those who were are cut off. */
const whileDown = async <T>(work: () => Promise<T>): Promise<T> => {
  const url = new URL(platform.databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    return await work();
  } finally {
    await client.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
    await client.end();
  }
};

describe('when the history comes late', () => {
  test('the input alone decides, the score is marked degraded and recorded with its event; a later request is scored in full', async () => {
    const asked = { orderId: newOrder(), order: orderWith({ lines: [{ quantity: 12 }] }), billingCountry: 'BR' };
    const score = await whileLocked('fraud.fact, fraud.shop_day', () => api().scoreOrder(asked));
    expect(score).toMatchObject({ degraded: true, decision: 'approve' });
    expect(score.reasons.map(({ code }) => code).toSorted()).toEqual([
      'COUNTRY_NOT_BILLING',
      'GUEST',
      'LARGE_QUANTITY',
      'PAY_ON_DELIVERY',
    ]);
    const event = await platform.waitForEvent('fraud.scored', ({ subject }) => subject === asked.orderId);
    expect(event.data).toMatchObject({ degraded: true, scoreId: score.id });
    await until(async () => !(await api().scoreOrder(asked)).degraded);
    expect((await api().listScores({ orderId: asked.orderId, degraded: true })).items.map(({ id }) => id)).toContain(
      score.id,
    );
  });

  test('an order of which nothing is known is reviewed', async () => {
    const orderId = newOrder();
    const score = await whileLocked('fraud.fact', () => api().scoreOrder({ orderId }));
    expect(score).toMatchObject({ degraded: true, decision: 'review', amount: null, reasons: [], reviewState: 'open' });
  });
});

describe('when the database is down', () => {
  test('a score is returned nevertheless, and recorded once, with event and review, when it is back', async () => {
    const asked = { orderId: newOrder(), order: risky(), billingCountry: 'BR' };
    const score = await whileDown(() => api().scoreOrder(asked));
    expect(score).toMatchObject({ degraded: true, recorded: false, decision: 'review', reviewState: 'open' });
    await platform.waitForEvent('fraud.scored', ({ data }) => (data as { scoreId: string }).scoreId === score.id);
    expect(await api().getScore({ scoreId: score.id })).toEqual({ ...score, recorded: true });
    expect(await api().getReview({ reviewId: score.reviewId ?? '' })).toMatchObject({
      state: 'open',
      scoreId: score.id,
    });
  });
});
