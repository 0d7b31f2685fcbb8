import { containing, decodeCursor, toPage } from '../store/cursor.ts';
import { listMessages } from '../store/dev-inbox.ts';
import type { NotificationSettings } from '../settings.ts';
import type { Context, NotificationHandlers } from './context.ts';

/** E-mail lands in the development inbox while no mail server is set up. */
export const hasDevInbox = ({ mailServers, devInbox }: NotificationSettings): boolean =>
  mailServers.length === 0 && devInbox !== 'off';

export const devInboxHandlers = ({ platform, settings }: Context): Pick<NotificationHandlers, 'listDevInbox'> => ({
  listDevInbox: async (input, { errors }) => {
    if (!hasDevInbox(settings)) {
      throw errors.DEV_INBOX_OFF(
        'E-mail goes to a mail server here (SMTP_URL), or the inbox is switched off (NOTIFICATIONS_DEV_INBOX).',
      );
    }
    const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor, 'time');
    if (input.cursor !== undefined && !after)
      throw errors.INVALID_CURSOR('This cursor is none of this list. Begin without one.');
    const found = await listMessages(
      platform.database,
      { ...input, search: containing(input.search) },
      after,
      input.limit + 1,
    );
    const { rows, nextCursor } = toPage(found, input.limit, (row) => [row.received_at, row.id]);
    const items = rows.map((row) => ({
      id: row.id,
      to: row.recipient,
      from: row.sender,
      subject: row.subject,
      text: row.body,
      html: row.html,
      template: row.template,
      receivedAt: row.received_at,
    }));
    return { items, nextCursor };
  },
});
