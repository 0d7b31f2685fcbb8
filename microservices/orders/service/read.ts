import type { Handlers } from '../../chassis/http/handlers.ts';
import type { ordersContract } from '../contract.ts';
import { audit } from '../store/audit.ts';
import { decodeCursor, encodeCursor, toPage } from '../store/cursor.ts';
import { findOrder } from '../store/order.ts';
import { findHead } from '../store/order-head.ts';
import { listOrders, listTimeline } from '../store/search.ts';
import { maySee, shownTo } from './access.ts';
import { orderNotFound } from './change.ts';
import type { OrdersPlatform } from './pricing.ts';

type ReadHandlers = Pick<Handlers<typeof ordersContract>, 'getOrder' | 'listOrders' | 'getTimeline' | 'auditOrders'>;

const BAD_CURSOR = 'This cursor is not one of this list and sorting: take nextCursor of the page before.';

export const readHandlers = ({ database }: OrdersPlatform): ReadHandlers => ({
  getOrder: async ({ orderId, secret }, { caller, errors }) => {
    const order = await findOrder(database, orderId);
    if (!order || !maySee(caller, order, secret)) throw orderNotFound(errors, orderId);
    return shownTo(caller, order);
  },

  listOrders: async ({ limit, cursor, customerId, sort, ...filter }, { caller, errors }) => {
    const byTime = sort === 'newest' || sort === 'oldest';
    const after = cursor === undefined ? undefined : decodeCursor(cursor, byTime ? 'time' : 'number');
    if (cursor !== undefined && !after) throw errors.INVALID_CURSOR(BAD_CURSOR);
    const own = caller.kind === 'customer' ? caller.customerId : customerId;
    const rows = await listOrders(database, { ...filter, customerId: own, sort, after, limit });
    return toPage(rows, limit, (row) => [byTime ? row.placedAt : row.grandTotal.amount, row.id]);
  },

  getTimeline: async ({ orderId, secret, limit, cursor }, { caller, errors }) => {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, 'number');
    if (cursor !== undefined && !after) throw errors.INVALID_CURSOR(BAD_CURSOR);
    const head = await findHead(database, orderId);
    if (!head || !maySee(caller, head, secret)) throw orderNotFound(errors, orderId);
    const isStaff = caller.kind === 'key';
    const rows = await listTimeline(database, orderId, {
      after: Number(after?.[0] ?? 0),
      limit,
      visibleOnly: !isStaff,
    });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      // Which colleague or key it was is for colleagues.
      items: isStaff
        ? items
        : items.map((entry) => ({ ...entry, actor: entry.actor.startsWith('key:') ? 'shop' : entry.actor })),
      nextCursor: last && rows.length > limit ? encodeCursor([last.position, '']) : null,
    };
  },

  auditOrders: async () => {
    const { orders, problems } = await audit(database);
    return { consistent: problems.length === 0, orders, problems };
  },
});
