import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { searchable } from '../../chassis/text/search-words.ts';
import type { Customer } from '../contract/values.ts';

/** A customer as stored; the hash never leaves the service. */
export interface CustomerRow extends Customer {
  passwordHash: string | null;
}

const OWN = columns(
  [
    'id',
    'kind',
    'state',
    'email',
    'emailVerified',
    'phone',
    'phoneVerified',
    'name',
    'locale',
    'currency',
    'preferredChannel',
    'country',
    'metadata',
    'mergedInto',
    'version',
    'createdAt',
    'updatedAt',
    'passwordHash',
  ],
  'c',
);
/** The columns of a customer, for statements that name it `c`. */
export const COLUMNS = `${OWN}, c.group_code AS "group",
  ARRAY(SELECT t.tag FROM customer_tag t WHERE t.customer_id = c.id ORDER BY t.tag) AS tags`;

export type NewCustomer = Omit<CustomerRow, 'tags' | 'mergedInto' | 'version' | 'updatedAt' | 'state'>;

/** A row as callers see it. */
export const toCustomer = ({ passwordHash: _secret, ...customer }: CustomerRow): Customer => customer;

/** A name as it is searched. */
const folded = (name: string | null): string | null => (name === null ? null : searchable(name));

/**
 * Throws a unique violation of `customer_login_email` or `customer_login_phone` when the row signs in and either is
 * taken.
 */
export const insertCustomer = async (tx: Queryable, row: NewCustomer): Promise<void> => {
  await tx.run(
    `INSERT INTO customer (id, kind, state, email, email_verified, phone, phone_verified, name, locale, currency, preferred_channel,
       country, group_code, metadata, password_hash, created_at, updated_at, name_folded)
     VALUES ($1, $2, 'active', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16)`,
    [
      row.id,
      row.kind,
      row.email,
      row.emailVerified,
      row.phone,
      row.phoneVerified,
      row.name,
      row.locale,
      row.currency,
      row.preferredChannel,
      row.country,
      row.group,
      row.metadata,
      row.passwordHash,
      row.createdAt,
      folded(row.name),
    ],
  );
};

export const findCustomer = (database: Queryable, id: string): Promise<CustomerRow | undefined> =>
  database.maybeOne<CustomerRow>(`SELECT ${COLUMNS} FROM customer c WHERE c.id = $1`, [id]);

export const lockCustomer = (tx: Queryable, id: string): Promise<CustomerRow | undefined> =>
  tx.maybeOne<CustomerRow>(`SELECT ${COLUMNS} FROM customer c WHERE c.id = $1 FOR UPDATE OF c`, [id]);

/** Locks several customers in the order of their ids, so that two merges never wait for each other in a circle. */
export const lockCustomers = (tx: Queryable, ids: readonly string[]): Promise<CustomerRow[]> =>
  tx.rows<CustomerRow>(`SELECT ${COLUMNS} FROM customer c WHERE c.id = ANY($1) ORDER BY c.id FOR UPDATE OF c`, [ids]);

/** The one account that an address signs in, if there is one. */
export const findByEmail = (database: Queryable, email: string): Promise<CustomerRow | undefined> =>
  database.maybeOne<CustomerRow>(
    `SELECT ${COLUMNS} FROM customer c WHERE c.email = $1 AND c.kind = 'registered' AND c.email_verified`,
    [email],
  );

/**
 * The registered customer that an address stands for: the one that it signs in, else the oldest that staff or an import
 * created. Accounts with a password whose address is not verified may be anybody's.
 */
export const findKnownByEmail = (database: Queryable, email: string): Promise<CustomerRow | undefined> =>
  database.maybeOne<CustomerRow>(
    `SELECT ${COLUMNS} FROM customer c
     WHERE c.email = $1 AND c.kind = 'registered' AND (c.email_verified OR c.password_hash IS NULL)
     ORDER BY c.email_verified DESC, c.created_at, c.id LIMIT 1`,
    [email],
  );

/** Customers and guests with an address, those that it signs in and the oldest first. */
export const findAllByEmail = (database: Queryable, email: string, limit: number): Promise<CustomerRow[]> =>
  database.rows<CustomerRow>(
    `SELECT ${COLUMNS} FROM customer c WHERE c.email = $1 ORDER BY c.email_verified DESC, c.created_at, c.id LIMIT $2`,
    [email, limit],
  );

/**
 * Ids of those with an address whom nobody else can be: guests, and who has no password and so cannot have taken a
 * stranger's address.
 */
export const idsWithoutPassword = async (database: Queryable, email: string): Promise<string[]> =>
  (
    await database.rows<{ id: string }>(
      `SELECT id FROM customer WHERE email = $1 AND (kind = 'guest' OR password_hash IS NULL) ORDER BY id`,
      [email],
    )
  ).map(({ id }) => id);

/** The one account that a phone number signs in, if there is one. */
export const findByPhone = (database: Queryable, phone: string): Promise<CustomerRow | undefined> =>
  database.maybeOne<CustomerRow>(
    `SELECT ${COLUMNS} FROM customer c WHERE c.phone = $1 AND c.kind = 'registered' AND c.phone_verified`,
    [phone],
  );

/**
 * Writes a locked row and returns it as stored; tags have a table of their own. Throws unique violations as
 * `insertCustomer` does.
 */
export const saveCustomer = (tx: Queryable, row: CustomerRow, now: Date): Promise<CustomerRow> =>
  tx.one<CustomerRow>(
    `UPDATE customer c SET kind = $2, state = $3, email = $4, email_verified = $5, phone = $6, phone_verified = $7, name = $8, locale = $9,
       currency = $10, preferred_channel = $11, country = $12, group_code = $13, metadata = $14, password_hash = $15, updated_at = $16,
       version = c.version + 1, name_folded = $17
     WHERE c.id = $1 RETURNING ${COLUMNS}`,
    [
      row.id,
      row.kind,
      row.state,
      row.email,
      row.emailVerified,
      row.phone,
      row.phoneVerified,
      row.name,
      row.locale,
      row.currency,
      row.preferredChannel,
      row.country,
      row.group,
      row.metadata,
      row.passwordHash,
      now,
      folded(row.name),
    ],
  );

/**
 * The tags of a customer whose row is locked. The statement that waited for the lock still shows the tags of before.
 */
export const tagsOf = async (tx: Queryable, id: string): Promise<string[]> =>
  (await tx.rows<{ tag: string }>('SELECT tag FROM customer_tag WHERE customer_id = $1 ORDER BY tag', [id])).map(
    ({ tag }) => tag,
  );

/** Replaces all tags of a customer. */
export const replaceTags = async (tx: Queryable, id: string, tags: readonly string[]): Promise<void> => {
  await tx.run('DELETE FROM customer_tag WHERE customer_id = $1', [id]);
  await tx.run('INSERT INTO customer_tag (customer_id, tag) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING', [
    id,
    tags,
  ]);
};

/** Moves what refers to a customer when it is merged into another: tags that are new, and earlier merges into it. */
export const moveBelongings = async (tx: Queryable, from: string, to: string): Promise<void> => {
  await tx.run(
    `INSERT INTO customer_tag (customer_id, tag) SELECT $2, tag FROM customer_tag WHERE customer_id = $1 ON CONFLICT DO NOTHING`,
    [from, to],
  );
  await tx.run('DELETE FROM customer_tag WHERE customer_id = $1', [from]);
  await moveMerged(tx, from, to);
};

/** Who was merged into one customer was merged into the other from now on. */
export const moveMerged = async (tx: Queryable, from: string, to: string): Promise<void> => {
  await tx.run('UPDATE customer SET merged_into = $2 WHERE merged_into = $1', [from, to]);
};

/** Ids that this customer went by before merges, oldest first. */
export const mergedIds = async (database: Queryable, id: string): Promise<string[]> =>
  (await database.rows<{ id: string }>('SELECT id FROM customer WHERE merged_into = $1 ORDER BY id', [id])).map(
    (row) => row.id,
  );

/** Empties everything personal; id, kind, state and the time of creation stay. */
export const blankCustomer = (
  tx: Queryable,
  id: string,
  state: 'merged' | 'erased',
  mergedInto: string | null,
  now: Date,
): Promise<CustomerRow> =>
  tx.one<CustomerRow>(
    `UPDATE customer c SET state = $2, merged_into = $3, updated_at = $4, email = NULL, email_verified = false, phone = NULL,
       phone_verified = false, name = NULL, locale = 'en', currency = NULL, preferred_channel = 'email', country = NULL, group_code = NULL,
       metadata = '{}', password_hash = NULL, name_folded = NULL, version = c.version + 1
     WHERE c.id = $1 RETURNING ${COLUMNS}`,
    [id, state, mergedInto, now],
  );
