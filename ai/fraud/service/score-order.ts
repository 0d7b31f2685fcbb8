import { createHmac } from 'node:crypto';
import type { InputOf } from '../../../microservices/chassis/contract/index.ts';
import { newId } from '../../../microservices/chassis/ids.ts';
import type { Context, Handlers } from '../context.ts';
import type { fraudContract } from '../contract.ts';
import { featuresOf } from '../features.ts';
import type { History, OrderFacts } from '../features/history.ts';
import { judge, MODEL_VERSION } from '../model.ts';
import { decide, DEFAULT_POLICY, type Policy } from '../policy.ts';
import { findOrder, readHistory, type Entity } from '../store/history.ts';
import { readPolicy } from '../store/policy.ts';
import { findByAnswerKey, type MadeScore, type Score } from '../store/scores.ts';
import { scoreResponse, unrecordedResponse } from './responses.ts';
import { createRecorder, type Decided } from './record.ts';
import { within } from './within.ts';

type Input = InputOf<typeof fraudContract, 'scoreOrder'>;

/** Everything that the database knows about a request. */
interface Known {
  /** The score that the same request got before. */
  earlier: Score | undefined;
  answerKey: string;
  order: OrderFacts | undefined;
  policy: Policy;
  entities: readonly Entity[];
  history: History | undefined;
}

export const scoreOrder = (context: Context): Handlers['scoreOrder'] => {
  const record = createRecorder(context);
  let lastPolicy = DEFAULT_POLICY;
  return async (input, { errors }) => {
    const startedAt = performance.now();
    const read = await within(context.settings.deadlineMs, readKnown(context, input));
    if (read.is !== 'done') {
      const err = read.is === 'failed' ? read.error : undefined;
      context.log.warn({ err, orderId: input.orderId }, 'an order is scored without its history');
    }
    const known = read.is === 'done' ? read.value : undefined;
    if (known?.earlier) return scoreResponse(known.earlier);
    if (known && !known.order) {
      const { orderId } = input;
      const detail = `There is no order ${orderId} yet: its order.created has not arrived. Pass the order in "order", or try again in a moment.`;
      throw errors.ORDER_NOT_KNOWN(detail, { orderId });
    }
    lastPolicy = known?.policy ?? lastPolicy;
    const decided = decideOrder(input, known, lastPolicy, context.now().toISOString(), startedAt);
    const written = await record(decided);
    return written ? scoreResponse(written) : unrecordedResponse(decided.made, decided.reviewId);
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
    // A score without history is not returned for a repeat: the next one may be better.
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

const readKnown = async ({ database, identityKey }: Context, input: Input): Promise<Known> => {
  const key = await identityKey();
  const answerKey = `${input.orderId} ${MODEL_VERSION} ${hashed(key, JSON.stringify(input))}`;
  const [earlier, placed, policy] = await Promise.all([
    findByAnswerKey(database, answerKey),
    findOrder(database, input.orderId),
    readPolicy(database),
  ]);
  const order = placed ? { ...placed, billingCountry: input.billingCountry ?? null } : orderOf(input);
  const entities = entitiesOf(key, input);
  const history = order && !earlier ? await readHistory(database, order, entities) : undefined;
  return { earlier, answerKey, order, policy, entities, history };
};

/** The order as the caller gave it. */
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
