import { z } from 'zod';
import {
  currency,
  expectedVersion,
  id,
  line,
  operation,
  page,
  pageQuery,
  timestamp,
} from '../../chassis/contract/index.ts';
import { read, write } from './access.ts';
import { failures, notFound } from './failures.ts';
import { code, customerGroup } from './values.ts';
import { priceList } from './shapes.ts';

const { VERSION_CONFLICT, STILL_NEEDED } = failures;
const NOT_FOUND = notFound('Price list');
const priceListId = id('lst');
/** A time that a shop can mean and a database can store. */
const moment = timestamp.refine((value) => /^(19[7-9]|20|21)/.test(value), 'give a time between 1970 and 2199');
export const LIST_ENDED = { status: 409, title: 'Price list ended' } as const;
const INVALID_PERIOD = { status: 422, title: 'Invalid period' } as const;

export const priceListOperations = {
  createPriceList: operation({
    method: 'POST',
    path: '/price-lists',
    title: 'Create price list',
    description:
      'Creates a list of prices in one currency, for everybody or one customer group, always valid or for a period (a sale).',
    access: write,
    input: z.object({
      code,
      title: line(120).describe('Name of the list, for staff'),
      currency,
      customerGroup: customerGroup.optional(),
      taxInclusive: z.boolean().default(true).describe('Whether the prices contain tax'),
      priority: z
        .int()
        .min(0)
        .max(1_000)
        .default(0)
        .describe(
          'Of the lists that apply, the one with the highest priority wins. Give a sale a higher priority than the standard list',
        ),
      validFrom: moment.optional(),
      validUntil: moment.optional(),
    }),
    output: priceList,
    errors: {
      CODE_TAKEN: { status: 409, title: 'Code already used', data: z.object({ code: z.string(), priceListId }) },
      INVALID_PERIOD,
    },
    successStatus: 201,
  }),
  updatePriceList: operation({
    method: 'PATCH',
    path: '/price-lists/{priceListId}',
    title: 'Update price list',
    description:
      'Changes the title or the period. Only times in the future can change: a list that has begun keeps its beginning, and one that has ended stays ended, so that the price history stays true.',
    access: write,
    input: z.object({
      priceListId,
      expectedVersion,
      title: line(120).optional().describe('Name of the list, for staff'),
      validFrom: moment.nullable().optional(),
      validUntil: moment.nullable().optional(),
    }),
    output: priceList,
    errors: { NOT_FOUND, VERSION_CONFLICT, LIST_ENDED, INVALID_PERIOD, STILL_NEEDED },
  }),
  getPriceList: operation({
    method: 'GET',
    path: '/price-lists/{priceListId}',
    title: 'Get price list',
    description: 'One price list.',
    access: read,
    input: z.object({ priceListId }),
    output: priceList,
    errors: { NOT_FOUND },
  }),
  listPriceLists: operation({
    method: 'GET',
    path: '/price-lists',
    title: 'List price lists',
    description: 'Price lists, sorted by code.',
    access: read,
    input: z.object({
      ...pageQuery,
      currency: currency.optional(),
      customerGroup: customerGroup.optional(),
      code: code.optional().describe('Only the list with this code'),
    }),
    output: page(priceList),
  }),
};
