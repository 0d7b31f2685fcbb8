import { z } from 'zod';
import { id, timestamp } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import type { Handlers } from '../../chassis/http/handlers.ts';
import { newId } from '../../chassis/ids.ts';
import type { ordersContract } from '../contract.ts';
import {
  deletePromotion,
  findPromotion,
  insertPromotion,
  listPromotions,
  lockPromotion,
  updatePromotion,
  type Promotion,
} from '../store/promotions.ts';
import type { OrdersPlatform } from './pricing.ts';

type PromotionHandlers = Pick<
  Handlers<typeof ordersContract>,
  'createPromotion' | 'getPromotion' | 'listPromotions' | 'updatePromotion' | 'deletePromotion'
>;

/** What is wrong with a promotion as a whole, as a sentence; undefined when it makes sense. */
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

export const promotionHandlers = (platform: OrdersPlatform): PromotionHandlers => ({
  createPromotion: async (input, { errors, commit }) => {
    const at = platform.now().toISOString();
    const promotion: Promotion = {
      id: newId('pro'),
      ...input,
      percentage: input.percentage ?? null,
      amount: input.amount ?? null,
      currency: input.currency ?? null,
      minimumSpend: input.minimumSpend ?? null,
      startsAt: input.startsAt ?? null,
      endsAt: input.endsAt ?? null,
      usageLimit: input.usageLimit ?? null,
      usageLimitPerCustomer: input.usageLimitPerCustomer ?? null,
      used: 0,
      createdAt: at,
      updatedAt: at,
    };
    const problem = contradiction(promotion);
    if (problem) throw errors.PROMOTION_INVALID(problem);
    return commit(async (tx) => {
      if (!(await insertPromotion(tx, promotion)))
        throw errors.CODE_TAKEN(
          `The code ${promotion.code} is taken by another promotion. Choose another, or change that one.`,
        );
      return promotion;
    });
  },

  getPromotion: async ({ promotionId }, { errors }) => {
    const promotion = await findPromotion(platform.database, promotionId);
    if (!promotion) throw errors.PROMOTION_NOT_FOUND(`There is no promotion ${promotionId}.`);
    return promotion;
  },

  listPromotions: async ({ limit, cursor, sort, ...filter }) => {
    const after = readCursor(cursor, z.tuple([sort === 'code' ? z.string() : timestamp, id('pro')]));
    const rows = await listPromotions(platform.database, { ...filter, sort, after, limit });
    return toPage(rows, limit, (row) => [sort === 'code' ? row.code : row.createdAt, row.id]);
  },

  updatePromotion: async ({ promotionId, ...changes }, { errors, commit }) => {
    const at = platform.now().toISOString();
    return commit(async (tx) => {
      const known = await lockPromotion(tx, promotionId);
      if (!known) throw errors.PROMOTION_NOT_FOUND(`There is no promotion ${promotionId}.`);
      const promotion: Promotion = withChanges(known, { ...changes, updatedAt: at });
      const problem = contradiction(promotion);
      if (problem) throw errors.PROMOTION_INVALID(problem);
      await updatePromotion(tx, promotion);
      return promotion;
    });
  },

  deletePromotion: async ({ promotionId }, { errors, commit }) =>
    commit(async (tx) => {
      const known = await lockPromotion(tx, promotionId);
      if (!known) throw errors.PROMOTION_NOT_FOUND(`There is no promotion ${promotionId}.`);
      if (!(await deletePromotion(tx, promotionId)))
        throw errors.PROMOTION_USED(`${known.used} orders use ${known.code}. Make it inactive instead.`);
      return { id: promotionId };
    }),
});
