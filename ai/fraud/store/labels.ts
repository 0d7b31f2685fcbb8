import type { Queryable } from '../../../microservices/chassis/database/index.ts';
import { newUuid } from '../../../microservices/chassis/ids.ts';
import type { Label } from '../features/history.ts';
import type { LabelSource } from './scores.ts';

export const insertLabel = async (
  tx: Queryable,
  label: { orderId: string; label: Label['label']; source: LabelSource; labelledAt: string },
): Promise<void> => {
  await tx.run('INSERT INTO label (id, order_id, label, source, labelled_at) VALUES ($1, $2, $3, $4, $5)', [
    newUuid(),
    label.orderId,
    label.label,
    label.source,
    label.labelledAt,
  ]);
};

/** True for an order that was placed or scored. */
export const isKnownOrder = async (tx: Queryable, orderId: string): Promise<boolean> => {
  const { known } = await tx.one<{ known: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM fact WHERE order_id = $1 AND kind = 'order_placed') OR EXISTS (SELECT 1 FROM score WHERE order_id = $1) AS known`,
    [orderId],
  );
  return known;
};

export interface BinRow {
  bin: number;
  scored: number;
  labelled: number;
  frauds: number;
  scoreSum: number;
  squaredError: number;
}

/**
 * Orders by their first score with history and their latest label, in bins of the score: bin 1 is from bounds[0] to
 * below bounds[1].
 */
export const countBins = (
  database: Queryable,
  filter: { from: Date | null; to: Date | null; modelVersion: string | null },
  bounds: readonly number[],
): Promise<BinRow[]> =>
  database.rows<BinRow>(
    `WITH first_score AS (
       SELECT DISTINCT ON (order_id) order_id, score FROM score
       WHERE NOT degraded AND ($2::timestamptz IS NULL OR scored_at >= $2) AND ($3::timestamptz IS NULL OR scored_at < $3)
         AND ($4::text IS NULL OR model_version = $4)
       ORDER BY order_id, id),
     outcome AS (
       SELECT DISTINCT ON (order_id) order_id, (label = 'fraud')::int AS fraud FROM label ORDER BY order_id, labelled_at DESC, id DESC)
     SELECT width_bucket(score, $1::float8[]) AS bin, count(*) AS scored, count(fraud) AS labelled, coalesce(sum(fraud), 0) AS frauds,
       coalesce(sum(score) FILTER (WHERE fraud IS NOT NULL), 0) AS "scoreSum",
       coalesce(sum((score - fraud) * (score - fraud)), 0) AS "squaredError"
     FROM first_score LEFT JOIN outcome USING (order_id) GROUP BY 1 ORDER BY 1`,
    [bounds, filter.from, filter.to, filter.modelVersion],
  );
