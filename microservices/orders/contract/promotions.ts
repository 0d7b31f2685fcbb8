import { z } from 'zod';
import {
  choices,
  currency,
  expectedVersion,
  id,
  line,
  minorUnitsOf,
  operation,
  page,
  pageQuery,
  timestamp,
  version,
  VERSION_CONFLICT,
} from '../../chassis/contract/index.ts';
import { read, write } from './access.ts';
import { failures, MAX_ORDER_AMOUNT, promotionCode, sku } from './values.ts';

const amount = (about: string) => minorUnitsOf('currency', z.int().min(1).max(MAX_ORDER_AMOUNT), about).nullable();

const promotionFields = {
  title: line(200).describe('Text that customers read beside the discount'),
  kind: choices({ percentage: 'A share of the eligible items', amount: 'A fixed amount off them' }).describe(
    'A share of the eligible items, or a fixed amount off them',
  ),
  percentage: z
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .describe('With kind percentage: in 1/100 of a percent, 1000 is 10 %'),
  amount: amount('With kind amount: taken off; never more than the eligible items cost'),
  currency: currency.nullable().describe('Only for carts of this currency; needed with amount and minimumSpend'),
  minimumSpend: amount('Listed prices of the eligible items have to reach this'),
  skus: z.array(sku).max(500).describe('Eligible SKUs; empty means all'),
  startsAt: timestamp.nullable().describe('From this moment on; empty: at once'),
  endsAt: timestamp.nullable().describe('Until this moment; empty: without an end'),
  usageLimit: z.int().min(1).max(1_000_000_000).nullable().describe('Most orders that can use it'),
  usageLimitPerCustomer: z
    .int()
    .min(1)
    .max(1_000_000)
    .nullable()
    .describe('Most orders of one customer; a guest is recognized by e-mail address'),
  active: z.boolean().describe('Whether it can be used'),
};

export const promotion = z
  .object({
    id: id('pro'),
    code: promotionCode,
    ...promotionFields,
    used: z.int().describe('Orders that use it; cancelled and rejected ones do not count'),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Promotion', title: 'Promotion' });

const optional = {
  percentage: promotionFields.percentage.optional(),
  amount: promotionFields.amount.optional(),
  currency: promotionFields.currency.optional(),
  minimumSpend: promotionFields.minimumSpend.optional(),
  startsAt: promotionFields.startsAt.optional(),
  endsAt: promotionFields.endsAt.optional(),
  usageLimit: promotionFields.usageLimit.optional(),
  usageLimitPerCustomer: promotionFields.usageLimitPerCustomer.optional(),
};
const promotionId = id('pro');
const PROMOTION_INVALID = { status: 422, title: 'Invalid promotion' } as const;
const CODE_TAKEN = { status: 409, title: 'Promotion code already exists' } as const;

export const promotionOperations = {
  createPromotion: operation({
    method: 'POST',
    path: '/promotions',
    title: 'Create promotion',
    description: 'A code that takes a percentage or an amount off items, within a window and up to its limits.',
    access: write,
    input: z.object({
      code: promotionCode,
      title: promotionFields.title,
      kind: promotionFields.kind,
      ...optional,
      skus: promotionFields.skus.default([]),
      active: promotionFields.active.default(true),
    }),
    output: promotion,
    errors: { PROMOTION_INVALID, CODE_TAKEN },
    successStatus: 201,
  }),
  getPromotion: operation({
    method: 'GET',
    path: '/promotions/{promotionId}',
    title: 'Get promotion',
    description: 'A promotion, with the number of orders that use it.',
    access: read,
    input: z.object({ promotionId }),
    output: promotion,
    errors: { PROMOTION_NOT_FOUND: failures.promotionNotFound },
  }),
  listPromotions: operation({
    method: 'GET',
    path: '/promotions',
    title: 'List promotions',
    description: 'Promotions by code, or newest first.',
    access: read,
    input: z.object({
      ...pageQuery,
      active: z.boolean().optional().describe('Whether those that can be used are returned, or the others'),
      search: line(200).optional().describe('Part of the code or the title'),
      sort: choices({ code: 'By code, A to Z', newest: 'Created last first' })
        .default('code')
        .describe('Which come first'),
    }),
    output: page(promotion),
  }),
  updatePromotion: operation({
    method: 'PATCH',
    path: '/promotions/{promotionId}',
    title: 'Update promotion',
    description: 'Changes the named fields. Quotes keep their discount until they expire; limits apply at once.',
    access: write,
    input: z.object({
      promotionId,
      expectedVersion,
      title: promotionFields.title.optional(),
      kind: promotionFields.kind.optional(),
      ...optional,
      skus: promotionFields.skus.optional(),
      active: promotionFields.active.optional(),
    }),
    output: promotion,
    errors: { PROMOTION_NOT_FOUND: failures.promotionNotFound, PROMOTION_INVALID, VERSION_CONFLICT },
  }),
  deletePromotion: operation({
    method: 'DELETE',
    path: '/promotions/{promotionId}',
    title: 'Delete promotion',
    description: 'Deletes a promotion that no order uses. To end others, make them inactive.',
    access: write,
    input: z.object({ promotionId }),
    output: z.object({ id: promotionId }),
    errors: {
      PROMOTION_NOT_FOUND: failures.promotionNotFound,
      PROMOTION_USED: { status: 409, title: 'Promotion in use' },
    },
  }),
} as const;
