import type { Queryable } from '../../chassis/database/index.ts';
import type { Channel, Purpose, State } from '../contract.ts';

/** A notification as its table has it. */
export interface NotificationRow {
  id: string;
  state: State;
  channel: Channel;
  purpose: Purpose;
  template: string;
  template_version: number;
  locale: string;
  customer_id: string | null;
  recipient: string | null;
  subject: string;
  body: string | null;
  html: string | null;
  confidential: boolean;
  about: string | null;
  dedupe_key: string | null;
  attempts: number;
  last_error: string | null;
  provider: string | null;
  bucket: number;
  send_after: string;
  claimed_until: string | null;
  created_at: string;
  sent_at: string | null;
  delivered_at: string | null;
  read_at: string | null;
}

export type NewNotification = Pick<
  NotificationRow,
  | 'id'
  | 'channel'
  | 'purpose'
  | 'template'
  | 'template_version'
  | 'locale'
  | 'customer_id'
  | 'recipient'
  | 'subject'
  | 'body'
  | 'html'
  | 'confidential'
  | 'about'
  | 'dedupe_key'
  | 'bucket'
  | 'send_after'
  | 'created_at'
>;

/** Queues a notification; undefined when its dedupe key was used before on this channel. */
export const insertNotification = (tx: Queryable, row: NewNotification): Promise<NotificationRow | undefined> =>
  tx.maybeOne<NotificationRow>(
    `INSERT INTO notification (id, state, channel, purpose, template, template_version, locale, customer_id, recipient, subject, body, html,
       confidential, about, dedupe_key, bucket, send_after, created_at)
     VALUES ($1, 'queued', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     ON CONFLICT (dedupe_key, channel) WHERE dedupe_key IS NOT NULL DO NOTHING
     RETURNING *`,
    [
      row.id,
      row.channel,
      row.purpose,
      row.template,
      row.template_version,
      row.locale,
      row.customer_id,
      row.recipient,
      row.subject,
      row.body,
      row.html,
      row.confidential,
      row.about,
      row.dedupe_key,
      row.bucket,
      row.send_after,
      row.created_at,
    ],
  );

export const findByDedupeKey = (
  database: Queryable,
  key: string,
  channel: Channel,
): Promise<NotificationRow | undefined> =>
  database.maybeOne<NotificationRow>('SELECT * FROM notification WHERE dedupe_key = $1 AND channel = $2', [
    key,
    channel,
  ]);

export const findNotification = (database: Queryable, id: string): Promise<NotificationRow | undefined> =>
  database.maybeOne<NotificationRow>('SELECT * FROM notification WHERE id = $1', [id]);

export const lockNotification = (tx: Queryable, id: string): Promise<NotificationRow | undefined> =>
  tx.maybeOne<NotificationRow>('SELECT * FROM notification WHERE id = $1 FOR UPDATE', [id]);

/** Writes the changeable part of a notification back. */
export const saveNotification = async (tx: Queryable, row: NotificationRow): Promise<void> => {
  await tx.run(
    `UPDATE notification SET state = $2, body = $3, html = $4, attempts = $5, last_error = $6, provider = $7, send_after = $8,
       claimed_until = $9, sent_at = $10, delivered_at = $11, read_at = $12
     WHERE id = $1`,
    [
      row.id,
      row.state,
      row.body,
      row.html,
      row.attempts,
      row.last_error,
      row.provider,
      row.send_after,
      row.claimed_until,
      row.sent_at,
      row.delivered_at,
      row.read_at,
    ],
  );
};

export interface NotificationFilter {
  customerId?: string | undefined;
  email?: string | undefined;
  channel?: Channel | undefined;
  state?: State | undefined;
  purpose?: Purpose | undefined;
  template?: string | undefined;
  about?: string | undefined;
  unread: boolean;
  search: string | null;
  since?: string | undefined;
}

const FILTER = `
  ($1::text IS NULL OR customer_id = $1) AND ($2::text IS NULL OR recipient = $2) AND ($3::text IS NULL OR channel = $3)
  AND ($4::text IS NULL OR state = $4) AND ($5::text IS NULL OR purpose = $5) AND ($6::text IS NULL OR template = $6)
  AND ($7::text IS NULL OR about = $7) AND (NOT $8::boolean OR state IN ('sent', 'delivered'))
  AND ($9::text IS NULL OR subject ILIKE $9) AND ($10::timestamptz IS NULL OR created_at >= $10)`;

const LIST = {
  newest: `SELECT * FROM notification WHERE ${FILTER} AND ($11::timestamptz IS NULL OR (created_at, id) < ($11, $12))
    ORDER BY created_at DESC, id DESC LIMIT $13`,
  oldest: `SELECT * FROM notification WHERE ${FILTER} AND ($11::timestamptz IS NULL OR (created_at, id) > ($11, $12))
    ORDER BY created_at, id LIMIT $13`,
};

/** Notifications in order of their creation, after a position. */
export const listNotifications = (
  database: Queryable,
  filter: NotificationFilter,
  order: 'newest' | 'oldest',
  after: [at: string, id: string] | undefined,
  limit: number,
): Promise<NotificationRow[]> =>
  database.rows<NotificationRow>(LIST[order], [
    filter.customerId ?? null,
    filter.email ?? null,
    filter.channel ?? null,
    filter.state ?? null,
    filter.purpose ?? null,
    filter.template ?? null,
    filter.about ?? null,
    filter.unread,
    filter.search,
    filter.since ?? null,
    after?.[0] ?? null,
    after?.[1] ?? null,
    limit,
  ]);

/** How many messages of a customer's in-app inbox are unread. */
export const countUnread = async (database: Queryable, customerId: string): Promise<number> =>
  (
    await database.one<{ unread: number }>(
      `SELECT count(*) AS unread FROM notification
       WHERE customer_id = $1 AND channel = 'in_app' AND state IN ('sent', 'delivered')`,
      [customerId],
    )
  ).unread;
