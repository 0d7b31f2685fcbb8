import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import { until } from '../../microservices/chassis/testing/until.ts';
import { fraudContract } from './contract.ts';
import { HOUR } from './features/history.ts';
import { fraud } from './index.ts';
import {
  created,
  eur,
  newCustomer,
  newOrder,
  openPublisher,
  paymentFailed,
  registered,
  remote,
  orderWith,
} from './testing.ts';

// The deadline is long: these tests are about scores with history, however busy the machine.
const environment = { FRAUD_DEADLINE_MS: '30000', FRAUD_JOB_INTERVAL_MS: '50' };

let platform: TestPlatform;
let publisher: Awaited<ReturnType<typeof openPublisher>>;
beforeAll(async () => {
  platform = await startTestPlatform({ services: [fraud], remote, environment });
  publisher = await openPublisher(platform.kafka);
});
afterAll(async () => {
  await publisher.close();
  await platform.stop();
});

const api = () => platform.client(fraudContract);
const ago = (milliseconds: number): Date => new Date(Date.now() - milliseconds);
const factsOf = async (customerId: string): Promise<number> =>
  (
    await platform
      .database('fraud')
      .one<{ n: number }>('SELECT count(*) AS n FROM fact WHERE customer_id = $1', [customerId])
  ).n;
const refused = async (call: Promise<unknown>): Promise<Problem> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Problem) return error;
  throw new Error('The call was not refused');
};
const logOdds = (probability: number): number => Math.log(probability / (1 - probability));

describe('a score', () => {
  test('of an order known from events has reasons from the customer’s history that sum to it', async () => {
    const [customerId, orderId] = [newCustomer(), newOrder()];
    const earlier = [5, 10, 15].map((minutes) =>
      created(newOrder(), orderWith({ customerId, amount: 1_000, placedAt: ago(minutes * 60_000).toISOString() })),
    );
    const order = orderWith({ customerId, amount: 90_000, shippingCountry: 'BR' });
    await publisher.publish(
      registered(customerId, ago(HOUR / 2)),
      ...earlier,
      ...[1, 2, 3].map((minutes) => paymentFailed(customerId, ago(minutes * 60_000))),
      created(orderId, order),
    );
    await until(async () => (await factsOf(customerId)) === 8);
    const score = await api().scoreOrder({ orderId, billingCountry: 'US' });
    expect(score).toMatchObject({
      orderId,
      customerId,
      amount: eur(90_000),
      degraded: false,
      recorded: true,
      decision: 'reject',
      outcome: null,
      reviewId: null,
      features: {
        ordersLastHourAboveUsual: 3,
        paymentFailuresLastDay: 3,
        amountToOwnMean: 90,
        newCountry: true,
        countryDiffersFromAccount: true,
        countryDiffersFromBilling: true,
        guest: false,
      },
    });
    const sum = score.reasons.reduce((total, { contribution }) => total + contribution, score.baseLogOdds);
    expect(logOdds(score.score)).toBeCloseTo(sum, 9);
    expect(score.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['ORDERS_LAST_HOUR', 'PAYMENT_FAILURES', 'AMOUNT_TO_OWN_MEAN', 'ACCOUNT_AGE']),
    );
    const event = await platform.waitForEvent('fraud.scored', ({ subject }) => subject === orderId);
    expect(event.data).toMatchObject({ scoreId: score.id, score: score.score, decision: 'reject', reviewId: null });
    expect(await api().getScore({ scoreId: score.id })).toEqual(score);
  });

  test('of an unknown order is refused with what to do, and made once the caller passes the order', async () => {
    const orderId = newOrder();
    const problem = await refused(api().scoreOrder({ orderId }));
    expect(problem).toMatchObject({ code: 'ORDER_NOT_KNOWN', status: 404, data: { orderId } });
    expect(problem.message).toContain('"order"');
    // A journey passes the whole payload of the event: fields that are not needed are ignored.
    const payload = created(orderId, orderWith()).data as ReturnType<typeof orderWith>;
    expect(await api().scoreOrder({ orderId, order: payload })).toMatchObject({ decision: 'approve', degraded: false });
  });

  test('requested 20 times at once is one score, one event and one review', async () => {
    const orderId = newOrder();
    const order = orderWith({ amount: 2_000_000, lines: [{ quantity: 50 }] });
    const asked = { orderId, order, billingCountry: 'BR', deviceId: 'once' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => api().scoreOrder(asked)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    const [first] = answers;
    expect(first).toMatchObject({ decision: 'review', reviewState: 'open' });
    await platform.waitForEvent('fraud.review_opened', ({ data }) => (data as { orderId: string }).orderId === orderId);
    // Another request for the same order makes another score, with the same review.
    const other = await api().scoreOrder({ ...asked, deviceId: 'twice' });
    expect(other.id).not.toBe(first?.id);
    expect(other.reviewId).toBe(first?.reviewId);
    await platform.waitForEvent('fraud.scored', ({ data }) => (data as { scoreId: string }).scoreId === other.id);
    const about = platform.events('fraud').filter(({ data }) => (data as { orderId?: string }).orderId === orderId);
    expect(about.map(({ type }) => type).toSorted()).toEqual(['fraud.review_opened', 'fraud.scored', 'fraud.scored']);
    expect((await api().listScores({ orderId })).items.map(({ id }) => id)).toEqual([other.id, first?.id]);
  });

  test('counts customers and frauds by device, and keeps no device id', async () => {
    const deviceId = 'dev-4711-secret';
    const buy = (customerId: string) => {
      const orderId = newOrder();
      return api().scoreOrder({
        orderId,
        deviceId,
        email: `${customerId}@example.com`,
        order: orderWith({ customerId }),
      });
    };
    const first = await buy(newCustomer());
    await buy(newCustomer());
    const third = await buy(newCustomer());
    expect(third.features).toMatchObject({ linkedCustomers: 2, entityRisk: 0.005 });
    await api().labelOrder({ orderId: first.orderId, label: 'fraud', source: 'chargeback' });
    const fourth = await buy(newCustomer());
    expect(fourth.features['entityRisk']).toBeCloseTo(1.05 / 11);
    expect(fourth.score).toBeGreaterThan(third.score);
    const kept = JSON.stringify([
      await platform.database('fraud').rows('SELECT * FROM sighting'),
      await platform.database('fraud').rows('SELECT * FROM score'),
      platform.events('fraud'),
    ]);
    expect(kept).not.toContain(deviceId);
    expect(kept).not.toContain('@example.com');
  });

  test('is refused without the scope', async () => {
    const nobody = platform.client(fraudContract, { credential: '' });
    expect((await refused(nobody.scoreOrder({ orderId: newOrder(), order: orderWith() }))).status).toBe(401);
  });
});

describe('labels and evaluation', () => {
  test('the latest label is the outcome, and the reliability table agrees with a count by hand', async () => {
    const from = new Date().toISOString();
    const scored = await Promise.all(
      Array.from({ length: 6 }, () => {
        const orderId = newOrder();
        return api().scoreOrder({ orderId, order: orderWith() });
      }),
    );
    for (const [index, { orderId }] of scored.slice(0, 4).entries())
      await api().labelOrder({ orderId, label: index === 0 ? 'fraud' : 'legitimate', source: 'staff' });
    const corrected = await api().labelOrder({
      orderId: scored[1]?.orderId ?? '',
      label: 'fraud',
      source: 'chargeback',
    });
    expect(corrected).toMatchObject({ label: 'fraud', source: 'chargeback' });
    expect((await api().getScore({ scoreId: scored[1]?.id ?? '' })).outcome).toMatchObject({ label: 'fraud' });
    await platform.waitForEvent('fraud.labelled', ({ subject }) => subject === scored[1]?.orderId);

    const evaluation = await api().evaluateScores({ from });
    expect(evaluation).toMatchObject({ scored: 6, labelled: 4, frauds: 2 });
    const squared = scored
      .slice(0, 4)
      .map(({ score }, index) => (score - (index < 2 ? 1 : 0)) ** 2)
      .reduce((sum, value) => sum + value, 0);
    expect(evaluation.brier).toBeCloseTo(squared / 4, 9);
    const [bin, ...none] = evaluation.bins.filter(({ scored: inBin }) => inBin > 0);
    expect(none).toEqual([]);
    expect(bin).toMatchObject({ scored: 6, labelled: 4, fraudRate: 0.5 });
    expect(bin?.meanScore).toBeCloseTo(scored[0]?.score ?? NaN, 9);
  });

  test('an unknown order cannot be labelled', async () => {
    const call = api().labelOrder({ orderId: newOrder(), label: 'fraud', source: 'staff' });
    expect(await refused(call)).toMatchObject({ code: 'ORDER_NOT_KNOWN', status: 404 });
  });
});

describe('the policy', () => {
  test('has a documented default, changes only named fields, shows its thresholds, and decides from then on', async () => {
    const before = await api().getPolicy({});
    expect(before).toMatchObject({ version: 0, expectedFraudRate: 0.005, neverRejectBelow: 0.8 });
    const ask = () => api().scoreOrder({ orderId: newOrder(), order: orderWith() });
    expect((await ask()).decision).toBe('approve');
    const changed = await api().setPolicy({ alwaysReviewFrom: 0 });
    expect(changed).toMatchObject({ version: 1, expectedFraudRate: 0.005, alwaysReviewFrom: 0 });
    expect(changed.thresholds.every(({ review }) => review === 0)).toBe(true);
    await platform.waitForEvent('fraud.policy_changed');
    expect(await ask()).toMatchObject({ decision: 'review', policyVersion: 1 });
    const together = await Promise.all([1, 2, 3, 4].map((hours) => api().setPolicy({ reviewHours: hours })));
    expect(together.map(({ version }) => version).toSorted()).toEqual([2, 3, 4, 5]);
    await api().setPolicy({ alwaysReviewFrom: before.alwaysReviewFrom, reviewHours: before.reviewHours });
    const call = api().setPolicy({ reviewCosts: [eur(1), eur(2)] });
    expect(await refused(call)).toMatchObject({ code: 'CURRENCY_TWICE', data: { currency: 'EUR' } });
  });

  test('the scorecard shows the base and the weights that scores are made of', async () => {
    const { baseLogOdds, characteristics } = await api().getScorecard({});
    const score = await api().scoreOrder({ orderId: newOrder(), order: orderWith({ lines: [{ quantity: 50 }] }) });
    expect(score.baseLogOdds).toBe(baseLogOdds);
    const large = score.reasons.find(({ code }) => code === 'LARGE_QUANTITY');
    expect(characteristics.find(({ code }) => code === 'LARGE_QUANTITY')?.bins.at(-1)?.contribution).toBe(
      large?.contribution,
    );
  });
});
