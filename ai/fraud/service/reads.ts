import { z } from 'zod';
import { id } from '../../../microservices/chassis/contract/index.ts';
import { readCursor, toPage } from '../../../microservices/chassis/cursor.ts';
import { baseLogOdds, MODEL_VERSION, weightOf } from '../model.ts';
import { SCORECARD } from '../scorecard.ts';
import * as labels from '../store/labels.ts';
import { readPolicy } from '../store/policy.ts';
import * as reviews from '../store/reviews.ts';
import * as scores from '../store/scores.ts';
import { policyAnswer, reviewAnswer, scoreAnswer } from './answers.ts';
import { moment, type FraudHandler } from './context.ts';

export const getScore: FraudHandler<'getScore'> =
  ({ platform: { database } }) =>
  async ({ scoreId }, { errors }) => {
    const score = await scores.findScore(database, scoreId);
    if (score) return scoreAnswer(score);
    throw errors.SCORE_NOT_FOUND(
      `There is no score ${scoreId}. Check the identifier, or list the scores of the order.`,
    );
  };

export const listScores: FraudHandler<'listScores'> =
  ({ platform: { database } }) =>
  async ({ cursor, limit, from, to, ...filter }) => {
    const [before] = readCursor(cursor, z.tuple([id('frs')])) ?? [null];
    const range = { from: moment(from), to: moment(to), before, limit: limit + 1 };
    return toPage(
      await scores.listScores(database, { ...filter, ...range }),
      limit,
      (score) => [score.id],
      scoreAnswer,
    );
  };

export const noSuchReview = (reviewId: string): string =>
  `There is no review ${reviewId}. Check the identifier, or list the reviews of the order.`;

export const getReview: FraudHandler<'getReview'> =
  ({ platform: { database } }) =>
  async ({ reviewId }, { errors }) => {
    const review = await reviews.findReview(database, reviewId);
    if (!review) throw errors.REVIEW_NOT_FOUND(noSuchReview(reviewId));
    return reviewAnswer(review);
  };

export const listReviews: FraudHandler<'listReviews'> =
  ({ platform: { database } }) =>
  async ({ cursor, limit, ...filter }) => {
    const [beyond] = readCursor(cursor, z.tuple([id('frv')])) ?? [null];
    const rows = await reviews.listReviews(database, { ...filter, beyond, limit: limit + 1 });
    return toPage(rows, limit, (review) => [review.id], reviewAnswer);
  };

export const getPolicy: FraudHandler<'getPolicy'> =
  ({ platform: { database } }) =>
  async () =>
    policyAnswer(await readPolicy(database));

export const getScorecard: FraudHandler<'getScorecard'> =
  ({ platform: { database } }) =>
  async () => ({
    modelVersion: MODEL_VERSION,
    baseLogOdds: baseLogOdds((await readPolicy(database)).expectedFraudRate),
    characteristics: SCORECARD.map(({ code, title, feature, ranges }) => ({
      code,
      title,
      feature,
      bins: ranges.map((range) => ({ from: range.from, contribution: weightOf(range) })),
    })),
  });

/** Scores are crowded near zero, so the ranges are narrow there. */
const BOUNDS = [0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8];

export const evaluateScores: FraudHandler<'evaluateScores'> =
  ({ platform: { database } }) =>
  async ({ from, to, modelVersion }) => {
    const filter = { from: moment(from), to: moment(to), modelVersion: modelVersion ?? null };
    const rows = await labels.countBins(database, filter, BOUNDS);
    const total = (count: (row: labels.BinRow) => number): number => rows.reduce((sum, row) => sum + count(row), 0);
    const labelled = total((row) => row.labelled);
    return {
      scored: total((row) => row.scored),
      labelled,
      frauds: total((row) => row.frauds),
      brier: labelled > 0 ? total((row) => row.squaredError) / labelled : null,
      bins: BOUNDS.map((lower, index) => {
        const row = rows.find(({ bin }) => bin === index + 1);
        const known = row && row.labelled > 0 ? row : undefined;
        return {
          from: lower,
          to: BOUNDS[index + 1] ?? 1,
          scored: row?.scored ?? 0,
          labelled: row?.labelled ?? 0,
          meanScore: known ? known.scoreSum / known.labelled : null,
          fraudRate: known ? known.frauds / known.labelled : null,
        };
      }),
    };
  };
