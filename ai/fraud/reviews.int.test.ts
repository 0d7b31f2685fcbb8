import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { Problem } from '../../microservices/chassis/problem.ts';
import { fraudContract } from './contract.ts';
import { HOUR } from './features/history.ts';
import { fraud } from './index.ts';
import { cancelled, newCustomer, newOrder, openPublisher, remote, orderWith } from './testing.ts';

const environment = { FRAUD_DEADLINE_MS: '30000', FRAUD_JOB_INTERVAL_MS: '50' };

let platform: TestPlatform;
let publisher: Awaited<ReturnType<typeof openPublisher>>;
let lateBy = 0;
beforeAll(async () => {
  const now = (): Date => new Date(Date.now() + lateBy);
  platform = await startTestPlatform({ services: [fraud], remote, environment, now });
  publisher = await openPublisher(platform.kafka);
  await api().setPolicy({ alwaysReviewFrom: 0 });
});
afterAll(async () => {
  await publisher.close();
  await platform.stop();
});

const api = () => platform.client(fraudContract);
const about = (reviewId: string) => platform.events('fraud').filter(({ subject }) => subject === reviewId);

/** An order that a person has to look at. */
const underReview = async (customerId = newCustomer()) => {
  const score = await api().scoreOrder({ orderId: newOrder(), order: orderWith({ customerId }) });
  if (score.reviewId === null) throw new Error('No review was opened');
  return { ...score, reviewId: score.reviewId };
};

describe('a review', () => {
  test('waits in the queue, oldest first, with the score and its reasons, and expires by the policy', async () => {
    const customerId = newCustomer();
    const [first, second, third] = [
      await underReview(customerId),
      await underReview(customerId),
      await underReview(customerId),
    ];
    const page = await api().listReviews({ customerId, limit: 2 });
    expect(page.items.map(({ id }) => id)).toEqual([first.reviewId, second.reviewId]);
    const rest = await api().listReviews({ customerId, limit: 2, cursor: page.nextCursor ?? '' });
    expect(rest).toMatchObject({ items: [{ id: third.reviewId }], nextCursor: null });
    const review = await api().getReview({ reviewId: first.reviewId });
    expect(review).toMatchObject({ state: 'open', scoreId: first.id, score: first.score, reasons: first.reasons });
    expect(Date.parse(review.expiresAt) - Date.parse(review.openedAt)).toBe(72 * HOUR);
  });

  test('is decided once, with a reason; deciding again is refused and changes nothing', async () => {
    const { reviewId, orderId, id: scoreId } = await underReview();
    const decided = await api().decideReview({
      reviewId,
      decision: 'reject',
      reason: 'Called, nobody knows of it',
      decidedBy: 'staff-7',
    });
    expect(decided).toMatchObject({ state: 'rejected', decidedBy: 'staff-7', reason: 'Called, nobody knows of it' });
    const event = await platform.waitForEvent('fraud.review_decided', ({ subject }) => subject === reviewId);
    expect(event.data).toMatchObject({ orderId, scoreId, state: 'rejected', actor: 'staff-7' });
    expect(JSON.stringify(event.data)).not.toContain('Called');
    const again = api().decideReview({ reviewId, decision: 'approve', reason: 'On second thoughts' });
    await expect(again).rejects.toMatchObject({
      code: 'REVIEW_CLOSED',
      status: 409,
      data: { state: 'rejected', allowed: [] },
    });
    expect(await api().getReview({ reviewId })).toEqual(decided);
    expect(await api().getScore({ scoreId })).toMatchObject({ reviewId, reviewState: 'rejected' });
  });

  test('decided by ten people at once is decided by one of them', async () => {
    const { reviewId } = await underReview();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        api().decideReview({ reviewId, decision: index % 2 ? 'approve' : 'reject', reason: `Person ${index}` }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const codes = outcomes.flatMap((one) =>
      one.status === 'rejected' && one.reason instanceof Problem ? [one.reason.code] : [],
    );
    expect(codes).toEqual(Array.from({ length: 9 }, () => 'REVIEW_CLOSED'));
    await platform.waitForEvent('fraud.review_decided', ({ subject }) => subject === reviewId);
    expect(about(reviewId).map(({ type }) => type)).toEqual(['fraud.review_opened', 'fraud.review_decided']);
  });

  test('the same decision with the same Idempotency-Key returns the first response', async () => {
    const { reviewId } = await underReview();
    const decision = { reviewId, decision: 'approve', reason: 'Known customer' } as const;
    const first = await api().decideReview(decision, { idempotencyKey: `decide-${reviewId}` });
    expect(await api().decideReview(decision, { idempotencyKey: `decide-${reviewId}` })).toEqual(first);
  });

  test('expires when its order is cancelled before a decision; a decided one stays', async () => {
    const customerId = newCustomer();
    const [open, decided] = [await underReview(customerId), await underReview(customerId)];
    await api().decideReview({ reviewId: decided.reviewId, decision: 'approve', reason: 'Known customer' });
    await publisher.publish(cancelled(decided.orderId, customerId), cancelled(open.orderId, customerId));
    const event = await platform.waitForEvent('fraud.review_expired', ({ subject }) => subject === open.reviewId);
    expect(event.data).toMatchObject({ cause: 'order_ended', orderId: open.orderId });
    expect((await api().getReview({ reviewId: open.reviewId })).state).toBe('expired');
    expect((await api().getReview({ reviewId: decided.reviewId })).state).toBe('approved');
  });

  test('expires without a decision in time', async () => {
    const { reviewId } = await underReview();
    lateBy = 73 * HOUR;
    const event = await platform.waitForEvent('fraud.review_expired', ({ subject }) => subject === reviewId);
    lateBy = 0;
    expect(event.data).toMatchObject({ cause: 'time' });
    await expect(api().decideReview({ reviewId, decision: 'approve', reason: 'Too late' })).rejects.toMatchObject({
      code: 'REVIEW_CLOSED',
      data: { state: 'expired' },
    });
  });

  test('that does not exist is not found', async () => {
    const reviewId = `frv_${'0'.repeat(32)}`;
    await expect(api().getReview({ reviewId })).rejects.toMatchObject({ code: 'REVIEW_NOT_FOUND' });
    await expect(api().decideReview({ reviewId, decision: 'approve', reason: 'x' })).rejects.toMatchObject({
      code: 'REVIEW_NOT_FOUND',
    });
  });
});
