import { createHmac } from 'node:crypto';
import type { InputOf } from '../../../microservices/chassis/contract/index.ts';
import { newId } from '../../../microservices/chassis/ids.ts';
import { featuresOf } from '../features.ts';
import type { History, OrderFacts } from '../history.ts';
import { judge, MODEL_VERSION } from '../model.ts';
import { decide, DEFAULT_POLICY, type Policy } from '../policy.ts';
import { findOrder, readHistory, type Entity } from '../store/history.ts';
import { readPolicy } from '../store/policy.ts';
import { findAnswer, type MadeScore, type Score } from '../store/scores.ts';
import { scoreAnswer, unrecordedAnswer } from './answers.ts';
import type { Context, Fraud, FraudHandler } from './context.ts';
import { createRecorder, type Decided } from './record.ts';
import { within } from './within.ts';

type Input = InputOf<Fraud, 'scoreOrder'>;

/** All that the database says about a question. */
interface Known {
  /** The same question was answered before. */
  earlier: Score | undefined;
  answerKey: string;
  order: OrderFacts | undefined;
  policy: Policy;
  entities: readonly Entity[];
  history: History | undefined;
}

export const scoreOrder: FraudHandler<'scoreOrder'> = (context) => {
  const { platform, settings } = context;
  const record = createRecorder(context);
  let lastPolicy = DEFAULT_POLICY;
  return async (input, { errors }) => {
    const startedAt = performance.now();
    const read = await within(settings.deadlineMs, readKnown(context, input));
    if (read.is !== 'done') {
      const err = read.is === 'failed' ? read.error : undefined;
      platform.log.warn({ err, orderId: input.orderId }, 'an order is scored without its history');
    }
    const known = read.is === 'done' ? read.value : undefined;
    if (known?.earlier) return scoreAnswer(known.earlier);
    if (known && !known.order) {
      const { orderId } = input;
      const detail = `No order.created of ${orderId} has arrived yet. Pass the order along in "order", or ask again in a moment.`;
      throw errors.ORDER_NOT_KNOWN(detail, { orderId });
    }
    lastPolicy = known?.policy ?? lastPolicy;
    const decided = decideOrder(input, known, lastPolicy, platform.now().toISOString(), startedAt);
    const written = await record(decided);
    return written ? scoreAnswer(written) : unrecordedAnswer(decided.made, decided.reviewId);
  };
};

/** Without `known` the input alone decides. */
const decideOrder = (
  input: Input,
  known: Known | undefined,
  policy: Policy,
  scoredAt: string,
  startedAt: number,
): Decided => {
  const id = newId('frs');
  const order = known?.order ?? orderOf(input);
  const features = featuresOf(order, known?.history);
  const judgement = judge(features, policy.expectedFraudRate);
  const amount = order ? { amount: order.amount, currency: order.currency } : null;
  const degraded = known === undefined;
  const { decision, thresholds } = decide(policy, { score: judgement.score, amount, degraded });
  const made: MadeScore = {
    id,
    // An answer that was made without history is not repeated: the next one may be better.
    answerKey: known?.answerKey ?? id,
    orderId: input.orderId,
    customerId: order?.customerId ?? null,
    amount: amount?.amount ?? null,
    currency: amount?.currency ?? null,
    ...judgement,
    decision,
    features,
    thresholds,
    modelVersion: MODEL_VERSION,
    policyVersion: policy.version,
    degraded,
    latencyMs: Math.round((performance.now() - startedAt) * 10) / 10,
    scoredAt,
  };
  return {
    made,
    reviewId: decision === 'review' ? newId('frv') : null,
    reviewHours: policy.reviewHours,
    seen: order && known && { customerId: order.customerId, at: order.placedAt, entities: known.entities },
  };
};

const readKnown = async ({ platform: { database }, identityKey }: Context, input: Input): Promise<Known> => {
  const key = await identityKey();
  const answerKey = `${input.orderId} ${MODEL_VERSION} ${hashed(key, JSON.stringify(input))}`;
  const [earlier, told, policy] = await Promise.all([
    findAnswer(database, answerKey),
    findOrder(database, input.orderId),
    readPolicy(database),
  ]);
  const order = told ? { ...told, billingCountry: input.billingCountry ?? null } : orderOf(input);
  const entities = entitiesOf(key, input);
  const history = order && !earlier ? await readHistory(database, order, entities) : undefined;
  return { earlier, answerKey, order, policy, entities, history };
};

/** The order as the caller told it. */
const orderOf = ({ orderId, order, billingCountry }: Input): OrderFacts | undefined =>
  order && {
    orderId,
    customerId: order.customerId ?? null,
    amount: order.totals.grandTotal.amount,
    currency: order.totals.grandTotal.currency,
    shippingCountry: order.shippingCountry ?? null,
    billingCountry: billingCountry ?? null,
    paymentMethod: order.paymentMethod ?? null,
    largestQuantity: order.lines.length > 0 ? Math.max(...order.lines.map(({ quantity }) => quantity)) : null,
    placedAt: Date.parse(order.placedAt),
  };

const hashed = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('base64url');

const entitiesOf = (key: string, { deviceId, ipAddress, email }: Input): Entity[] =>
  (
    [
      ['device', deviceId],
      ['ip', ipAddress?.toLowerCase()],
      ['email', email],
    ] as const
  ).flatMap(([entity, value]) => (value === undefined ? [] : [{ entity, hash: hashed(key, `${entity} ${value}`) }]));
