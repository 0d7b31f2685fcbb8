import { columns } from '../../../microservices/chassis/database/columns.ts';
import type { Queryable } from '../../../microservices/chassis/database/index.ts';
import type { Features } from '../features.ts';
import type { Reason } from '../model.ts';
import type { Decision, Thresholds } from '../policy.ts';
import type { ReviewState } from '../policy/states.ts';
import type { Label } from '../features/history.ts';

/** One decision as it was made. */
export interface MadeScore {
  id: string;
  answerKey: string;
  orderId: string;
  customerId: string | null;
  amount: number | null;
  currency: string | null;
  score: number;
  decision: Decision;
  baseLogOdds: number;
  reasons: Reason[];
  features: Features;
  thresholds: Thresholds;
  modelVersion: string;
  policyVersion: number;
  degraded: boolean;
  latencyMs: number;
  scoredAt: string;
}

export type LabelSource = 'chargeback' | 'review' | 'customer' | 'staff' | 'payment_provider' | 'delivery' | 'other';

/** A decision with its review and its outcome. */
export interface Score extends MadeScore {
  reviewId: string | null;
  reviewState: ReviewState | null;
  label: Label['label'] | null;
  labelSource: LabelSource | null;
  labelledAt: string | null;
}

const MADE = [
  'id',
  'answerKey',
  'orderId',
  'customerId',
  'amount',
  'currency',
  'score',
  'decision',
  'baseLogOdds',
  'reasons',
  'features',
  'thresholds',
  'modelVersion',
  'policyVersion',
  'degraded',
  'latencyMs',
  'scoredAt',
] satisfies (keyof MadeScore)[];

const SCORE = `${columns(MADE, 'score')},
  review.id AS "reviewId", review.state AS "reviewState",
  outcome.label, outcome.source AS "labelSource", outcome.labelled_at AS "labelledAt"
FROM score LEFT JOIN review ON review.order_id = score.order_id
LEFT JOIN LATERAL (
  SELECT label, source, labelled_at FROM label WHERE label.order_id = score.order_id ORDER BY labelled_at DESC, label.id DESC LIMIT 1
) outcome ON true`;

/** Writes a decision; false when the same request was decided before. */
export const insertScore = async (tx: Queryable, made: MadeScore): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO score (id, answer_key, order_id, customer_id, amount, currency, score, decision, base_log_odds, reasons, features,
       thresholds, model_version, policy_version, degraded, latency_ms, scored_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11::jsonb, $12::jsonb, $13, $14, $15, $16, $17)
     ON CONFLICT (answer_key) DO NOTHING`,
    [
      made.id,
      made.answerKey,
      made.orderId,
      made.customerId,
      made.amount,
      made.currency,
      made.score,
      made.decision,
      made.baseLogOdds,
      JSON.stringify(made.reasons),
      JSON.stringify(made.features),
      JSON.stringify(made.thresholds),
      made.modelVersion,
      made.policyVersion,
      made.degraded,
      made.latencyMs,
      made.scoredAt,
    ],
  )) === 1;

export const findScore = (database: Queryable, scoreId: string): Promise<Score | undefined> =>
  database.maybeOne<Score>(`SELECT ${SCORE} WHERE score.id = $1`, [scoreId]);

/** The score that the same request got before. */
export const findByAnswerKey = (database: Queryable, answerKey: string): Promise<Score | undefined> =>
  database.maybeOne<Score>(`SELECT ${SCORE} WHERE score.answer_key = $1`, [answerKey]);

export interface ScoreFilter {
  orderId?: string | undefined;
  customerId?: string | undefined;
  decision?: Decision | undefined;
  degraded?: boolean | undefined;
  from: Date | null;
  to: Date | null;
  /** Only those before this id (newest come first). */
  before: string | null;
  limit: number;
}

export const listScores = (database: Queryable, filter: ScoreFilter): Promise<Score[]> =>
  database.rows<Score>(
    `SELECT ${SCORE}
     WHERE ($1::text IS NULL OR score.order_id = $1) AND ($2::text IS NULL OR score.customer_id = $2)
       AND ($3::text IS NULL OR decision = $3) AND ($4::boolean IS NULL OR degraded = $4)
       AND ($5::timestamptz IS NULL OR scored_at >= $5) AND ($6::timestamptz IS NULL OR scored_at < $6)
       AND ($7::text IS NULL OR score.id < $7)
     ORDER BY score.id DESC LIMIT $8`,
    [
      filter.orderId ?? null,
      filter.customerId ?? null,
      filter.decision ?? null,
      filter.degraded ?? null,
      filter.from,
      filter.to,
      filter.before,
      filter.limit,
    ],
  );

/** Remembers which devices and addresses an order came through. */
export const insertSightings = async (
  tx: Queryable,
  of: { orderId: string; customerId: string | null; at: number },
  entities: readonly { entity: string; hash: string }[],
): Promise<void> => {
  if (entities.length === 0) return;
  await tx.run(
    `INSERT INTO sighting (entity, hash, order_id, customer_id, at)
     SELECT seen.entity, seen.hash, $3, $4, $5 FROM unnest($1::text[], $2::text[]) AS seen (entity, hash) ON CONFLICT DO NOTHING`,
    [
      entities.map(({ entity }) => entity),
      entities.map(({ hash }) => hash),
      of.orderId,
      of.customerId,
      new Date(of.at),
    ],
  );
};
