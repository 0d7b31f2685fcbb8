import type { Queryable } from '../../chassis/database/index.ts';
import type { PaymentState } from '../contract/values.ts';
import type { Operation, Part, Payment, Whole } from '../policy/model.ts';
import {
  asRow,
  OPERATION,
  operationColumns,
  overwriting,
  PART,
  partColumns,
  PAYMENT,
  paymentColumns,
  rowNames,
} from './rows.ts';

/** One statement each; a payment has few parts and movements. */
const withRest = async (db: Queryable, payment: Payment | undefined): Promise<Whole | undefined> => {
  if (!payment) return undefined;
  const parts = await db.rows<Part>(
    `SELECT ${partColumns()} FROM payment_part WHERE payment_id = $1 ORDER BY position`,
    [payment.id],
  );
  const operations = await db.rows<Operation>(
    `SELECT ${operationColumns()} FROM operation WHERE payment_id = $1 ORDER BY id`,
    [payment.id],
  );
  return { payment, parts, operations };
};

export const findPayment = (db: Queryable, id: string): Promise<Payment | undefined> =>
  db.maybeOne<Payment>(`SELECT ${paymentColumns()} FROM payment WHERE id = $1`, [id]);

export const findWhole = async (db: Queryable, id: string): Promise<Whole | undefined> =>
  withRest(db, await findPayment(db, id));

/** Locks a payment: everything about it takes turns. */
export const lockWhole = async (tx: Queryable, id: string): Promise<Whole | undefined> =>
  withRest(tx, await tx.maybeOne<Payment>(`SELECT ${paymentColumns()} FROM payment WHERE id = $1 FOR UPDATE`, [id]));

/** Writes a payment with its parts and movements, in one statement. */
export const saveWhole = async (tx: Queryable, { payment, parts, operations }: Whole): Promise<void> => {
  await tx.run(SAVE, [
    JSON.stringify(asRow(PAYMENT, payment)),
    JSON.stringify(parts.map((part) => asRow(PART, part))),
    JSON.stringify(operations.map((operation) => asRow(OPERATION, operation))),
  ]);
};

const upsert = (table: string, names: readonly string[], rows: string): string =>
  `INSERT INTO ${table} (${rowNames(names)}) SELECT ${rowNames(names)} FROM ${rows} ON CONFLICT (id) DO UPDATE SET ${overwriting(names)}`;

const SAVE = `
WITH parts AS (${upsert('payment_part', PART, 'jsonb_populate_recordset(NULL::payment_part, $2::jsonb)')}),
operations AS (${upsert('operation', OPERATION, 'jsonb_populate_recordset(NULL::operation, $3::jsonb)')})
${upsert('payment', PAYMENT, 'jsonb_populate_record(NULL::payment, $1::jsonb)')}`;

/** The payment that an order or a cart has now; locked, so that two do not begin at once. */
export const findLive = (
  tx: Queryable,
  { orderId, cartId }: { orderId: string | undefined; cartId: string | undefined },
): Promise<Payment | undefined> =>
  tx.maybeOne<Payment>(
    orderId === undefined
      ? `SELECT ${paymentColumns()} FROM payment WHERE cart_id = $1 AND order_id IS NULL AND live`
      : `SELECT ${paymentColumns()} FROM payment WHERE order_id = $1 AND live`,
    [orderId ?? cartId ?? ''],
  );

export interface PaymentFilter {
  orderId?: string | undefined;
  customerId?: string | undefined;
  state?: readonly PaymentState[] | undefined;
  limit: number;
}

/** Newest first; one page and one row more. */
export const listPayments = (db: Queryable, filter: PaymentFilter, before?: string): Promise<Payment[]> =>
  db.rows<Payment>(
    `SELECT ${paymentColumns()} FROM payment
     WHERE ($1::text IS NULL OR order_id = $1) AND ($2::text IS NULL OR customer_id = $2)
       AND ($3::text[] IS NULL OR state = ANY ($3)) AND ($4::text IS NULL OR id < $4)
     ORDER BY id DESC LIMIT $5`,
    [filter.orderId ?? null, filter.customerId ?? null, filter.state ?? null, before ?? null, filter.limit + 1],
  );

export const paymentsOfOrder = async (db: Queryable, orderId: string): Promise<string[]> =>
  (await db.rows<{ id: string }>('SELECT id FROM payment WHERE order_id = $1 ORDER BY id', [orderId])).map(
    ({ id }) => id,
  );

/** Payments whose time is up and which still hold or await something. */
export const overduePayments = async (db: Queryable, at: Date, limit: number): Promise<string[]> =>
  (
    await db.rows<{ id: string }>(
      `SELECT id FROM payment WHERE expires_at <= $1
         AND state IN ('pending', 'processing', 'requires_action', 'authorized', 'partially_captured', 'failed')
       ORDER BY expires_at LIMIT $2`,
      [at, limit],
    )
  ).map(({ id }) => id);

/** Payments of one customer belong to another from now on: two records of the same person became one. */
export const movePayments = async (tx: Queryable, from: string, to: string): Promise<void> => {
  await tx.run('UPDATE payment SET customer_id = $2 WHERE customer_id = $1', [from, to]);
};

/** Amounts stay for the books; what leads to the person goes. */
export const erasePersons = async (tx: Queryable, customerIds: readonly string[]): Promise<void> => {
  const ofThese = 'payment_id IN (SELECT id FROM payment WHERE customer_id = ANY ($1::text[]))';
  await tx.run(
    `UPDATE payment_part SET card_brand = NULL, card_last4 = NULL, action_url = NULL, action_secret = NULL WHERE ${ofThese}`,
    [customerIds],
  );
  await tx.run(
    `UPDATE bank_payment SET return_url = NULL WHERE id IN (SELECT provider_payment_id FROM payment_part WHERE ${ofThese})`,
    [customerIds],
  );
  await tx.run(`UPDATE dispute SET evidence = NULL WHERE ${ofThese}`, [customerIds]);
  await tx.run(`UPDATE operation SET reason = NULL, return_url = NULL, token = NULL WHERE ${ofThese}`, [customerIds]);
};

/** Locks what is to be paid, so that it gets one payment at a time. */
export const lockPayable = async (tx: Queryable, reference: string): Promise<void> => {
  await tx.run(
    'INSERT INTO payable (reference) VALUES ($1) ON CONFLICT (reference) DO UPDATE SET reference = EXCLUDED.reference',
    [reference],
  );
};
