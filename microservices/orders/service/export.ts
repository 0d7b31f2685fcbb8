import { z } from 'zod';
import { id, timestamp } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import type { Context, Handlers } from '../context.ts';
import { listOrderIds } from '../store/erasure.ts';
import { findOrder } from '../store/order.ts';
import { listRetainedInvoices } from '../store/retained-invoices.ts';
import { shownTo } from './access.ts';

/** What is kept about a person's orders, and what is left of erased persons for tax law. */
export const exportHandlers = ({ database }: Context): Pick<Handlers, 'exportOrders' | 'listRetainedInvoices'> => ({
  exportOrders: async ({ customerId, email, limit, cursor }, { caller, errors }) => {
    const [after] = readCursor(cursor, z.tuple([id('ord')])) ?? [];
    const own = caller.kind === 'customer' ? caller.customerId : customerId;
    const guest = caller.kind === 'key' ? email : undefined;
    if (own === undefined && guest === undefined)
      throw errors.PERSON_REQUIRED('Name the customer, or the e-mail address of a guest.');
    const person = { customerIds: own === undefined ? [] : [own], emails: guest === undefined ? [] : [guest] };
    const ids = await listOrderIds(database, person, { after, limit });
    const orders = [];
    for (const orderId of ids) {
      const order = await findOrder(database, orderId);
      if (order) orders.push(shownTo(caller, order));
    }
    return toPage(orders, limit, (order) => [order.id]);
  },

  listRetainedInvoices: async ({ number, limit, cursor }) => {
    const after = readCursor(cursor, z.tuple([timestamp, id('ord')]));
    const rows = await listRetainedInvoices(database, { number, after, limit });
    return toPage(rows, limit, ({ placedAt, orderId }) => [placedAt, orderId]);
  },
});
