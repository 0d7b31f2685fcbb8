import { z } from 'zod';
import { id, timestamp } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import type { Context, Handlers } from '../context.ts';
import { audit } from '../store/audit.ts';
import { findOrder } from '../store/order.ts';
import { findHead } from '../store/order-head.ts';
import { countOrders, customerFacts, listOrders, listTimeline, type FactsRow } from '../store/search.ts';
import { maySee, shownTo } from './access.ts';
import { orderNotFound } from './change.ts';

type Names = 'getOrder' | 'listOrders' | 'countOrders' | 'getCustomerFacts' | 'getTimeline' | 'auditOrders';

const byTotal = z.tuple([z.int(), id('ord')]);
const byMoment = z.tuple([timestamp, id('ord')]);

export const readHandlers = ({ database, settings }: Context): Pick<Handlers, Names> => ({
  getOrder: async ({ orderId, secret }, { caller, errors }) => {
    const order = await findOrder(database, orderId);
    if (!order || !maySee(caller, order, secret)) throw orderNotFound(errors, orderId);
    return shownTo(caller, order);
  },

  listOrders: async ({ limit, cursor, customerId, sort, ...filter }, { caller }) => {
    const byTime = sort === 'newest' || sort === 'oldest';
    const after = byTime ? readCursor(cursor, byMoment) : readCursor(cursor, byTotal);
    const own = caller.kind === 'customer' ? caller.customerId : customerId;
    const rows = await listOrders(database, {
      ...filter,
      customerId: own,
      numberPrefix: settings.numberPrefix,
      sort,
      after,
      limit,
    });
    return toPage(rows, limit, (row) => [byTime ? row.placedAt : row.grandTotal.amount, row.id]);
  },

  countOrders: async ({ customerId, ...filter }, { caller }) => {
    const own = caller.kind === 'customer' ? caller.customerId : customerId;
    const count = await countOrders(database, { ...filter, customerId: own, numberPrefix: settings.numberPrefix });
    return { count };
  },

  getCustomerFacts: async ({ customerId }, { caller }) =>
    factsOf(await customerFacts(database, caller.kind === 'customer' ? caller.customerId : customerId)),

  getTimeline: async ({ orderId, secret, limit, cursor }, { caller, errors }) => {
    const [after] = readCursor(cursor, z.tuple([z.int32().min(0)])) ?? [0];
    const head = await findHead(database, orderId);
    if (!head || !maySee(caller, head, secret)) throw orderNotFound(errors, orderId);
    const isStaff = caller.kind === 'key';
    const rows = await listTimeline(database, orderId, {
      after,
      limit,
      visibleOnly: !isStaff,
    });
    // Which colleague, key or journey it was is for colleagues.
    return toPage(
      rows,
      limit,
      (entry) => [entry.position],
      (entry) =>
        isStaff ? entry : { ...entry, actor: entry.actor.startsWith('key:') ? 'shop' : entry.actor, journey: null },
    );
  },

  auditOrders: async () => {
    const { orders, problems } = await audit(database);
    return { consistent: problems.length === 0, orders, problems };
  },
});

const factsOf = (rows: readonly FactsRow[]) => {
  const moment = (of: 'first' | 'last') => rows.map((row) => row[of]).toSorted();
  return {
    count: rows.reduce((sum, { count }) => sum + count, 0),
    spent: rows.map(({ currency, spent }) => ({ amount: spent, currency })),
    firstOrderAt: moment('first')[0] ?? null,
    lastOrderAt: moment('last').at(-1) ?? null,
  };
};
