import { columns } from '../../chassis/database/columns.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { oneText, readCursor } from '../../chassis/cursor.ts';
import { savedAddress, type SavedAddress } from '../contract/values.ts';

const COLUMNS = columns(Object.keys(savedAddress.shape));

/** An address as stored: empty lines are null. */
export interface AddressRow extends Omit<SavedAddress, 'line2' | 'region' | 'phone'> {
  line2: string | null;
  region: string | null;
  phone: string | null;
}

/** As the contract has it: lines that are empty are left out. */
export const toAddress = ({ line2, region, phone, ...rest }: AddressRow): SavedAddress => ({
  ...rest,
  ...(line2 === null ? {} : { line2 }),
  ...(region === null ? {} : { region }),
  ...(phone === null ? {} : { phone }),
});

export const countAddresses = async (tx: Queryable, customerId: string): Promise<number> =>
  (await tx.one<{ count: number }>('SELECT count(*) AS count FROM address WHERE customer_id = $1', [customerId])).count;

/** Takes the defaults away from every address of a customer, before another gets them. */
export const clearDefaults = async (
  tx: Queryable,
  customerId: string,
  which: { shipping: boolean; billing: boolean },
): Promise<void> => {
  if (!which.shipping && !which.billing) return;
  await tx.run(
    `UPDATE address SET default_shipping = default_shipping AND NOT $2, default_billing = default_billing AND NOT $3,
       version = version + 1
     WHERE customer_id = $1 AND ((default_shipping AND $2) OR (default_billing AND $3))`,
    [customerId, which.shipping, which.billing],
  );
};

export const insertAddress = (
  tx: Queryable,
  customerId: string,
  row: Omit<AddressRow, 'version'>,
): Promise<AddressRow> =>
  tx.one<AddressRow>(
    `INSERT INTO address (id, customer_id, label, name, line1, line2, city, region, postal_code, country, phone,
       default_shipping, default_billing, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING ${COLUMNS}`,
    [row.id, customerId, ...lines(row), row.createdAt, row.updatedAt],
  );

export const replaceAddress = (tx: Queryable, row: AddressRow): Promise<AddressRow> =>
  tx.one<AddressRow>(
    `UPDATE address SET label = $2, name = $3, line1 = $4, line2 = $5, city = $6, region = $7, postal_code = $8, country = $9, phone = $10,
       default_shipping = $11, default_billing = $12, updated_at = $13, version = version + 1
     WHERE id = $1 RETURNING ${COLUMNS}`,
    [row.id, ...lines(row), row.updatedAt],
  );

const lines = (row: Omit<AddressRow, 'version'>) => [
  row.label,
  row.name,
  row.line1,
  row.line2,
  row.city,
  row.region,
  row.postalCode,
  row.country,
  row.phone,
  row.defaultShipping,
  row.defaultBilling,
];

export const findAddress = (tx: Queryable, customerId: string, addressId: string): Promise<AddressRow | undefined> =>
  tx.maybeOne<AddressRow>(`SELECT ${COLUMNS} FROM address WHERE customer_id = $1 AND id = $2`, [customerId, addressId]);

export const listAddresses = (
  database: Queryable,
  customerId: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<AddressRow[]> => {
  const [after] = readCursor(page.cursor, oneText) ?? [''];
  return database.rows<AddressRow>(
    `SELECT ${COLUMNS} FROM address WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
    [customerId, after, page.limit + 1],
  );
};

export const deleteAddress = (tx: Queryable, customerId: string, addressId: string): Promise<number> =>
  tx.run('DELETE FROM address WHERE customer_id = $1 AND id = $2', [customerId, addressId]);

/** Gives one customer's addresses to another, whose own defaults stay. */
export const moveAddresses = async (tx: Queryable, from: string, to: string): Promise<void> => {
  await tx.run(
    `UPDATE address SET customer_id = $2,
       default_shipping = default_shipping AND NOT EXISTS (SELECT 1 FROM address own WHERE own.customer_id = $2 AND own.default_shipping),
       default_billing = default_billing AND NOT EXISTS (SELECT 1 FROM address own WHERE own.customer_id = $2 AND own.default_billing)
     WHERE customer_id = $1`,
    [from, to],
  );
};

export const deleteAddresses = (tx: Queryable, customerId: string): Promise<number> =>
  tx.run('DELETE FROM address WHERE customer_id = $1', [customerId]);
