import { z } from 'zod';
import type { Caller } from '../../chassis/auth/caller.ts';
import { mayActFor } from '../../chassis/auth/authorize.ts';
import { id, timestamp } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { containing } from '../../chassis/database/like.ts';
import { move, type Move } from '../policy.ts';
import {
  countUnread,
  findNotification,
  listNotifications,
  lockNotification,
  type NotificationRow,
} from '../store/notifications.ts';
import type { Context, NotificationHandlers } from './context.ts';
import { makeMove, type MoveNotes, type NotificationsTransaction } from './life.ts';
import { shown } from './shown.ts';

type Reads = Pick<NotificationHandlers, 'getNotification' | 'listNotifications' | 'countUnread'>;
type Changes = Pick<NotificationHandlers, 'markRead' | 'reportDelivery' | 'retryNotification' | 'cancelNotification'>;

const missing = (id: string): string => `There is no notification ${id}.`;

/** Customers see what was sent to them, not how sending it went. */
const shownTo = (caller: Caller, row: NotificationRow) =>
  caller.kind === 'key' ? shown(row) : { ...shown(row), lastError: null };

export const reads = ({ platform }: Context): Reads => ({
  getNotification: async ({ notificationId }, { caller, errors }) => {
    const row = await findNotification(platform.database, notificationId);
    if (!row || !mayActFor(caller, row.customer_id)) throw errors.NOTIFICATION_NOT_FOUND(missing(notificationId));
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
    const found = await listNotifications(platform.database, filter, input.order, after, input.limit + 1);
    return toPage(
      found,
      input.limit,
      (row) => [row.created_at, row.id],
      (row) => shownTo(caller, row),
    );
  },

  countUnread: async ({ customerId }, { caller, errors }) => {
    if (!mayActFor(caller, customerId)) throw errors.CUSTOMER_NOT_FOUND(`There is no customer ${customerId}.`);
    return { customerId, unread: await countUnread(platform.database, customerId) };
  },
});

type Changed =
  | { kind: 'changed'; row: NotificationRow }
  | { kind: 'missing' }
  | { kind: 'illegal'; row: NotificationRow; allowed: Move[] };

const change = async (
  tx: NotificationsTransaction,
  id: string,
  what: Move,
  notes: MoveNotes,
  caller?: Caller,
): Promise<Changed> => {
  const row = await lockNotification(tx, id);
  if (!row || (caller && !mayActFor(caller, row.customer_id))) return { kind: 'missing' };
  const moved = await makeMove(tx, row, what, notes);
  if (moved) return { kind: 'changed', row: moved };
  const outcome = move(row.state, what);
  return { kind: 'illegal', row, allowed: outcome.kind === 'illegal' ? outcome.allowed : [] };
};

const NAMES: Record<Move, string> = {
  send: 'be sent',
  deliver: 'be delivered',
  read: 'be read',
  fail: 'fail',
  cancel: 'be cancelled',
  retry: 'be sent again',
};

const illegal = (
  { row, allowed }: Extract<Changed, { kind: 'illegal' }>,
  what: Move,
): [string, { state: NotificationRow['state']; allowed: string[] }] => {
  const possible =
    allowed.length === 0 ? 'nothing more can happen to it' : `it can ${allowed.map((one) => NAMES[one]).join(' or ')}`;
  return [
    `The notification ${row.id} is ${row.state} and cannot ${NAMES[what]}; ${possible}.`,
    { state: row.state, allowed },
  ];
};

export const changes = ({ platform }: Context): Changes => ({
  markRead: async ({ notificationId }, { caller, errors, commit }) =>
    commit(async (tx) => {
      const changed = await change(tx, notificationId, 'read', { now: platform.now().toISOString() }, caller);
      if (changed.kind === 'missing') return errors.NOTIFICATION_NOT_FOUND(missing(notificationId));
      return changed.kind === 'illegal'
        ? errors.ILLEGAL_STATE(...illegal(changed, 'read'))
        : shownTo(caller, changed.row);
    }),

  reportDelivery: async ({ notificationId, outcome, detail }, { errors, commit }) =>
    commit(async (tx) => {
      const what = outcome === 'delivered' ? 'deliver' : 'fail';
      const notes = {
        now: platform.now().toISOString(),
        reason: 'the provider reported that it did not arrive',
        detail,
      };
      const changed = await change(tx, notificationId, what, notes);
      if (changed.kind === 'missing') return errors.NOTIFICATION_NOT_FOUND(missing(notificationId));
      return changed.kind === 'illegal' ? errors.ILLEGAL_STATE(...illegal(changed, what)) : shown(changed.row);
    }),

  retryNotification: async ({ notificationId }, { errors, commit }) =>
    commit(async (tx) => {
      const row = await lockNotification(tx, notificationId);
      if (row?.state === 'failed' && row.body === null) {
        return errors.CONTENT_GONE(
          `The notification ${notificationId} held a secret that was forgotten. Send a new one.`,
        );
      }
      const changed = await change(tx, notificationId, 'retry', { now: platform.now().toISOString() });
      if (changed.kind === 'missing') return errors.NOTIFICATION_NOT_FOUND(missing(notificationId));
      return changed.kind === 'illegal' ? errors.ILLEGAL_STATE(...illegal(changed, 'retry')) : shown(changed.row);
    }),

  cancelNotification: async ({ notificationId }, { errors, commit }) =>
    commit(async (tx) => {
      const changed = await change(tx, notificationId, 'cancel', {
        now: platform.now().toISOString(),
        because: 'requested',
      });
      if (changed.kind === 'missing') return errors.NOTIFICATION_NOT_FOUND(missing(notificationId));
      return changed.kind === 'illegal' ? errors.ILLEGAL_STATE(...illegal(changed, 'cancel')) : shown(changed.row);
    }),
});
