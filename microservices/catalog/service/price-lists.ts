import { z } from 'zod';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import type { Problem } from '../../chassis/problem.ts';
import { withChanges } from '../../chassis/with-changes.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import { code as codeShape } from '../contract/values.ts';
import { type PriceList } from '../contract/shapes.ts';
import { hasEnded, isBase, periodChangeProblem, periodProblem } from '../policy/price-lists.ts';
import {
  findPriceList,
  findPriceListByCode,
  insertPriceList,
  leftWithoutPrice,
  listPriceLists,
  lockPriceList,
  updatePriceList,
} from '../store/price-lists.ts';
import { missing } from './missing.ts';

type Names = 'createPriceList' | 'updatePriceList' | 'getPriceList' | 'listPriceLists';

export const priceListHandlers = ({ database, now }: Context): Pick<Handlers, Names> => ({
  createPriceList: command(
    async (tx, { customerGroup = null, validFrom = null, validUntil = null, ...rest }, { errors }) => {
      const at = now().toISOString();
      const list = {
        ...rest,
        id: newId('lst'),
        customerGroup,
        validFrom,
        validUntil,
        version: 1,
        createdAt: at,
        updatedAt: at,
      };
      const problem = periodProblem(list);
      if (problem) throw errors.INVALID_PERIOD(problem);
      if (!(await insertPriceList(tx, list))) throw await codeTaken(tx, list.code, errors);
      announce(tx, list);
      return list;
    },
  ),

  updatePriceList: command(async (tx, { priceListId, expectedVersion, ...changes }, { errors }) => {
    const at = now();
    const before = await lockPriceList(tx, priceListId);
    if (!before) throw errors.NOT_FOUND(missing.priceList(priceListId));
    requireVersion({ name: 'The price list', version: before.version }, expectedVersion, errors.VERSION_CONFLICT);
    const list = { ...withChanges(before, changes), version: before.version + 1, updatedAt: at.toISOString() };
    if (hasEnded(before, at) && (changes.validFrom !== undefined || changes.validUntil !== undefined)) {
      throw errors.LIST_ENDED(
        `The list "${before.code}" ended on ${before.validUntil ?? ''} and stays ended. Create a new one.`,
      );
    }
    const problem = periodChangeProblem(before, list, at);
    if (problem) throw errors.INVALID_PERIOD(problem);
    if (isBase(before, at) && !isBase(list, at)) await requirePricedElsewhere(tx, priceListId, at, errors);
    await updatePriceList(tx, list);
    announce(tx, list);
    return list;
  }),

  getPriceList: async ({ priceListId }, { errors }) => {
    const list = await findPriceList(database, priceListId);
    if (!list) throw errors.NOT_FOUND(missing.priceList(priceListId));
    return list;
  },

  listPriceLists: async ({ limit, cursor, ...filter }) => {
    const after = readCursor(cursor, z.tuple([codeShape]));
    return toPage(await listPriceLists(database, filter, after?.[0], limit + 1), limit, (row) => [row.code]);
  },
});

const codeTaken = async (
  tx: Tx,
  code: string,
  errors: Pick<Failures<'createPriceList'>, 'CODE_TAKEN'>,
): Promise<Problem> =>
  errors.CODE_TAKEN(`The code "${code}" belongs to another price list. Choose another.`, {
    code,
    priceListId: (await findPriceListByCode(tx, code))?.id ?? '',
  });

/** Throws STILL_NEEDED when published products have their only price in this list. */
const requirePricedElsewhere = async (
  tx: Tx,
  priceListId: string,
  now: Date,
  errors: Pick<Failures<'updatePriceList'>, 'STILL_NEEDED'>,
): Promise<void> => {
  const examples = await leftWithoutPrice(tx, priceListId, now);
  if (examples.length === 0) return;
  throw errors.STILL_NEEDED(
    `Published products would be left without a price: ${examples.join(', ')}. Price them in another list first.`,
    { examples },
  );
};

const announce = (tx: Tx, { id, code, currency, customerGroup, validFrom, validUntil }: PriceList): void => {
  tx.append('price_list.changed', id, { priceListId: id, code, currency, customerGroup, validFrom, validUntil });
};
