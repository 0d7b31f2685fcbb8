import type { Queryable } from '../../chassis/database/index.ts';

/** A message that would have been e-mailed. */
export interface InboxRow {
  id: string;
  sender: string;
  recipient: string;
  subject: string;
  body: string;
  html: string | null;
  template: string;
  received_at: string;
}

/** Puts a message in; one that is there already stays as it is. */
export const putMessage = async (tx: Queryable, row: InboxRow): Promise<void> => {
  await tx.run(
    `INSERT INTO dev_inbox (id, sender, recipient, subject, body, html, template, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
    [row.id, row.sender, row.recipient, row.subject, row.body, row.html, row.template, row.received_at],
  );
};

export const findMessage = (database: Queryable, id: string): Promise<InboxRow | undefined> =>
  database.maybeOne<InboxRow>('SELECT * FROM dev_inbox WHERE id = $1', [id]);

export interface InboxFilter {
  to?: string | undefined;
  template?: string | undefined;
  search: string | null;
}

export const listMessages = (
  database: Queryable,
  filter: InboxFilter,
  after: [at: string, id: string] | undefined,
  limit: number,
): Promise<InboxRow[]> =>
  database.rows<InboxRow>(
    `SELECT * FROM dev_inbox
     WHERE ($1::text IS NULL OR recipient = $1) AND ($2::text IS NULL OR template = $2) AND ($3::text IS NULL OR subject ILIKE $3)
       AND ($4::timestamptz IS NULL OR (received_at, id) < ($4, $5))
     ORDER BY received_at DESC, id DESC LIMIT $6`,
    [filter.to ?? null, filter.template ?? null, filter.search, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
