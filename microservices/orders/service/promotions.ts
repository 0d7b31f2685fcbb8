import { z } from 'zod';
import { id, timestamp } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Problem } from '../../chassis/problem.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import type { Context, Failures, Handlers } from '../context.ts';
import {
  deletePromotion,
  findPromotion,
  insertPromotion,
  listPromotions,
  lockPromotion,
  updatePromotion,
  type Promotion,
} from '../store/promotions.ts';

type Names = 'createPromotion' | 'getPromotion' | 'listPromotions' | 'updatePromotion' | 'deletePromotion';

export const promotionHandlers = ({ database, now }: Context): Pick<Handlers, Names> => ({
  createPromotion: command(async (tx, input, { errors }) => {
    const at = now().toISOString();
    const promotion = consistent(
      { id: newId('pro'), ...UNLIMITED, ...input, used: 0, version: 1, createdAt: at, updatedAt: at },
      errors,
    );
    if (!(await insertPromotion(tx, promotion)))
      throw errors.CODE_TAKEN(
        `The code ${promotion.code} is taken by another promotion. Choose another, or change that one.`,
      );
    return promotion;
  }),

  getPromotion: async ({ promotionId }, { errors }) => {
    const promotion = await findPromotion(database, promotionId);
    if (!promotion) throw notFound(promotionId, errors);
    return promotion;
  },

  listPromotions: async ({ limit, cursor, sort, ...filter }) => {
    const after = readCursor(cursor, z.tuple([sort === 'code' ? z.string() : timestamp, id('pro')]));
    const rows = await listPromotions(database, { ...filter, sort, after, limit });
    return toPage(rows, limit, (row) => [sort === 'code' ? row.code : row.createdAt, row.id]);
  },

  updatePromotion: command(async (tx, { promotionId, expectedVersion, ...changes }, { errors }) => {
    const known = await lockPromotion(tx, promotionId);
    if (!known) throw notFound(promotionId, errors);
    requireVersion({ name: 'The promotion', version: known.version }, expectedVersion, errors.VERSION_CONFLICT);
    const version = known.version + 1;
    const promotion = consistent(withChanges(known, { ...changes, version, updatedAt: now().toISOString() }), errors);
    await updatePromotion(tx, promotion);
    return promotion;
  }),

  deletePromotion: command(async (tx, { promotionId }, { errors }) => {
    const known = await lockPromotion(tx, promotionId);
    if (!known) throw notFound(promotionId, errors);
    if (!(await deletePromotion(tx, promotionId)))
      throw errors.PROMOTION_USED(`${known.used} orders use ${known.code}. Make it inactive instead.`);
    return { id: promotionId };
  }),
});

const UNLIMITED = {
  percentage: null,
  amount: null,
  currency: null,
  minimumSpend: null,
  startsAt: null,
  endsAt: null,
  usageLimit: null,
  usageLimitPerCustomer: null,
};

const notFound = (promotionId: string, errors: Failures<'getPromotion'>): Problem =>
  errors.PROMOTION_NOT_FOUND(`There is no promotion ${promotionId}. List the promotions to find the right id.`);

const consistent = (
  promotion: Promotion,
  errors: Pick<Failures<'createPromotion'>, 'PROMOTION_INVALID'>,
): Promotion => {
  const problem = contradiction(promotion);
  if (problem) throw errors.PROMOTION_INVALID(problem);
  return promotion;
};

/** Why a promotion contradicts itself, as a sentence; undefined when it does not. */
const contradiction = (promotion: Promotion): string | undefined => {
  if (promotion.kind === 'percentage' && promotion.percentage === null)
    return 'A promotion of kind percentage needs a percentage.';
  if (promotion.kind === 'amount' && promotion.amount === null) return 'A promotion of kind amount needs an amount.';
  if (promotion.currency === null && (promotion.kind === 'amount' || promotion.minimumSpend !== null))
    return 'An amount or a minimum spend needs a currency.';
  if (
    promotion.startsAt !== null &&
    promotion.endsAt !== null &&
    new Date(promotion.startsAt) >= new Date(promotion.endsAt)
  ) {
    return `It would end (${promotion.endsAt}) before it starts (${promotion.startsAt}).`;
  }
  return undefined;
};
