import { z } from 'zod';
import { id, timestamp } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { containing } from '../../chassis/database/like.ts';
import type { Context, Handlers } from '../context.ts';
import { listMessages } from '../store/dev-inbox.ts';

/** E-mail lands in the development inbox while no mail server is set up. */
export const hasDevInbox = ({ mailServers, settings }: Context): boolean =>
  mailServers.length === 0 && settings.devInbox !== 'off';

export const devInboxHandlers = (context: Context): Pick<Handlers, 'listDevInbox'> => ({
  listDevInbox: async (input, { errors }) => {
    if (!hasDevInbox(context)) {
      throw errors.DEV_INBOX_OFF(
        'E-mail goes to a mail server here (SMTP_URL), or the inbox is switched off (NOTIFICATIONS_DEV_INBOX).',
      );
    }
    const after = readCursor(input.cursor, z.tuple([timestamp, id('ntf')]));
    const found = await listMessages(
      context.database,
      { ...input, search: containing(input.search) },
      after,
      input.limit + 1,
    );
    return toPage(
      found,
      input.limit,
      (row) => [row.received_at, row.id],
      (row) => ({
        id: row.id,
        to: row.recipient,
        from: row.sender,
        subject: row.subject,
        text: row.body,
        html: row.html,
        template: row.template,
        receivedAt: row.received_at,
      }),
    );
  },
});
