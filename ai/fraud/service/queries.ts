import { z } from 'zod';
import { id } from '../../../microservices/chassis/contract/index.ts';
import { readCursor, toPage } from '../../../microservices/chassis/cursor.ts';
import type { Context, Handlers } from '../context.ts';
import { baseLogOdds, MODEL_VERSION, weightOf } from '../model.ts';
import { SCORECARD } from '../model/scorecard.ts';
import * as labels from '../store/labels.ts';
import { readPolicy } from '../store/policy.ts';
import * as reviews from '../store/reviews.ts';
import * as scores from '../store/scores.ts';
import { policyResponse, reviewResponse, scoreResponse } from './responses.ts';
import { noReview } from './reviews.ts';

type Names = 'getScore' | 'listScores' | 'getReview' | 'listReviews' | 'getPolicy' | 'getScorecard' | 'evaluateScores';

export const queryHandlers = ({ database }: Context): Pick<Handlers, Names> => ({
  getScore: async ({ scoreId }, { errors }) => {
    const score = await scores.findScore(database, scoreId);
    if (score) return scoreResponse(score);
    throw errors.SCORE_NOT_FOUND(`There is no score ${scoreId}. List the scores of the order to find the right id.`);
  },

  listScores: async ({ cursor, limit, from, to, ...filter }) => {
    const [before] = readCursor(cursor, z.tuple([id('frs')])) ?? [null];
    const range = { from: moment(from), to: moment(to), before, limit: limit + 1 };
    const rows = await scores.listScores(database, { ...filter, ...range });
    return toPage(rows, limit, (score) => [score.id], scoreResponse);
  },

  getReview: async ({ reviewId }, { errors }) => {
    const review = await reviews.findReview(database, reviewId);
    if (!review) throw noReview(reviewId, errors);
    return reviewResponse(review);
  },

  listReviews: async ({ cursor, limit, ...filter }) => {
    const [beyond] = readCursor(cursor, z.tuple([id('frv')])) ?? [null];
    const rows = await reviews.listReviews(database, { ...filter, beyond, limit: limit + 1 });
    return toPage(rows, limit, (review) => [review.id], reviewResponse);
  },

  getPolicy: async () => policyResponse(await readPolicy(database)),

  getScorecard: async () => ({
    modelVersion: MODEL_VERSION,
    baseLogOdds: baseLogOdds((await readPolicy(database)).expectedFraudRate),
    characteristics: SCORECARD.map(({ code, title, feature, ranges }) => ({
      code,
      title,
      feature,
      bins: ranges.map((range) => ({ from: range.from, contribution: weightOf(range) })),
    })),
  }),

  evaluateScores: async ({ from, to, modelVersion }) => {
    const filter = { from: moment(from), to: moment(to), modelVersion: modelVersion ?? null };
    return evaluationOf(await labels.countBins(database, filter, BOUNDS));
  },
});

const moment = (iso: string | undefined): Date | null => (iso === undefined ? null : new Date(iso));

/** Scores are crowded near zero, so the ranges are narrow there. */
const BOUNDS = [0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8];

const evaluationOf = (rows: readonly labels.BinRow[]) => {
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
