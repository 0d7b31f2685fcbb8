import { z } from 'zod';
import { isUniqueViolation } from '../../chassis/database/index.ts';
import { newId } from '../../chassis/ids.ts';
import { code as codeShape, type PriceList } from '../contract/values.ts';
import { hasEnded, isBase, periodChangeProblem, periodProblem } from '../policy/price-lists.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import {
  findPriceList,
  findPriceListByCode,
  leftWithoutPrice,
  listPriceLists,
  lockPriceList,
  savePriceList,
} from '../store/price-lists.ts';
import type { CatalogContext, CatalogHandlers, CatalogTransaction } from './context.ts';

type Names = 'createPriceList' | 'updatePriceList' | 'getPriceList' | 'listPriceLists';

export const priceListHandlers = ({ platform }: CatalogContext): CatalogHandlers<Names> => ({
  createPriceList: async (input, { commit, errors }) => {
    const at = platform.now().toISOString();
    const list: PriceList = {
      id: newId('lst'),
      code: input.code,
      title: input.title,
      currency: input.currency,
      customerGroup: input.customerGroup ?? null,
      taxInclusive: input.taxInclusive,
      priority: input.priority,
      validFrom: input.validFrom ?? null,
      validUntil: input.validUntil ?? null,
      createdAt: at,
      updatedAt: at,
    };
    const problem = periodProblem(list);
    if (problem) throw errors.INVALID_PERIOD(problem);
    try {
      return await commit(async (tx) => {
        await savePriceList(tx, list);
        announce(tx, list);
        return list;
      });
    } catch (error) {
      if (!isUniqueViolation(error, 'price_list_code')) throw error;
      const other = await findPriceListByCode(platform.database, input.code);
      throw errors.CODE_TAKEN(`The code "${input.code}" belongs to another price list. Choose another.`, {
        code: input.code,
        priceListId: other?.id ?? '',
      });
    }
  },

  updatePriceList: async ({ priceListId, ...fields }, { commit, errors }) =>
    commit(async (tx) => {
      const now = platform.now();
      const before = await lockPriceList(tx, priceListId);
      if (!before) throw errors.NOT_FOUND(`There is no price list ${priceListId}.`);
      const list: PriceList = {
        ...before,
        title: fields.title ?? before.title,
        validFrom: fields.validFrom === undefined ? before.validFrom : fields.validFrom,
        validUntil: fields.validUntil === undefined ? before.validUntil : fields.validUntil,
        updatedAt: now.toISOString(),
      };
      if (hasEnded(before, now) && (fields.validFrom !== undefined || fields.validUntil !== undefined)) {
        throw errors.LIST_ENDED(
          `The list "${before.code}" ended on ${before.validUntil ?? ''} and stays ended. Create a new one.`,
        );
      }
      const problem = periodChangeProblem(before, list, now);
      if (problem) throw errors.INVALID_PERIOD(problem);
      if (isBase(before, now) && !isBase(list, now)) {
        const examples = await leftWithoutPrice(tx, priceListId, now);
        if (examples.length > 0) {
          throw errors.STILL_NEEDED(
            `Published products would be left without a price: ${examples.join(', ')}. Price them in another list first.`,
            { examples },
          );
        }
      }
      await savePriceList(tx, list);
      announce(tx, list);
      return list;
    }),

  getPriceList: async ({ priceListId }, { errors }) => {
    const list = await findPriceList(platform.database, priceListId);
    if (!list) throw errors.NOT_FOUND(`There is no price list ${priceListId}.`);
    return list;
  },

  listPriceLists: async ({ limit, cursor, ...filter }) => {
    const after = readCursor(cursor, z.tuple([codeShape]));
    return toPage(await listPriceLists(platform.database, filter, after?.[0], limit + 1), limit, (row) => [row.code]);
  },
});

const announce = (
  tx: CatalogTransaction,
  { id, code, currency, customerGroup, validFrom, validUntil }: PriceList,
): void => {
  tx.append('price_list.changed', id, { priceListId: id, code, currency, customerGroup, validFrom, validUntil });
};
