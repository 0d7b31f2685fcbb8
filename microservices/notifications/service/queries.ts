import { z } from 'zod';
import { mayActFor } from '../../chassis/auth/authorize.ts';
import { id, timestamp } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { containing } from '../../chassis/database/like.ts';
import type { Context, Handlers } from '../context.ts';
import { countUnread, findNotification, listNotifications } from '../store/notifications.ts';
import { noCustomer, noNotification } from './refusals.ts';
import { shownTo } from './shown.ts';

type Names = 'getNotification' | 'listNotifications' | 'countUnread';

export const queryHandlers = ({ database }: Context): Pick<Handlers, Names> => ({
  getNotification: async ({ notificationId }, { caller, errors }) => {
    const row = await findNotification(database, notificationId);
    if (!row || !mayActFor(caller, row.customer_id))
      throw errors.NOTIFICATION_NOT_FOUND(noNotification(notificationId));
    return shownTo(caller, row);
  },

  listNotifications: async (input, { caller }) => {
    const after = readCursor(input.cursor, z.tuple([timestamp, id('ntf')]));
    const own = caller.kind === 'customer' ? caller.customerId : undefined;
    if (own !== undefined && input.customerId !== undefined && input.customerId !== own)
      return { items: [], nextCursor: null };
    const filter = {
      ...input,
      customerId: own ?? input.customerId,
      unread: input.unread ?? false,
      search: containing(input.search),
    };
    const found = await listNotifications(database, filter, input.order, after, input.limit + 1);
    return toPage(
      found,
      input.limit,
      (row) => [row.created_at, row.id],
      (row) => shownTo(caller, row),
    );
  },

  countUnread: async ({ customerId }, { caller, errors }) => {
    if (!mayActFor(caller, customerId)) throw errors.CUSTOMER_NOT_FOUND(noCustomer(customerId));
    return { customerId, unread: await countUnread(database, customerId) };
  },
});
