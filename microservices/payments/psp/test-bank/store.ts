import { columns } from '../../../chassis/database/columns.ts';
import type { Queryable } from '../../../chassis/database/index.ts';
import type { OperationKind } from '../../contract/values.ts';
import type { Behaviour } from './cards.ts';

export interface BankPayment {
  id: string;
  key: string;
  /** In the address of the bank's page. */
  secret: string;
  amount: number;
  currency: string;
  status: 'requires_action' | 'authorized' | 'captured' | 'failed' | 'voided' | 'expired';
  /** Null until the customer has named a card. */
  behaviour: Behaviour | null;
  brand: string | null;
  last4: string | null;
  captured: number;
  refunded: number;
  failure: string | null;
  returnUrl: string | null;
  expiresAt: string;
  createdAt: string;
}

export interface BankMovement {
  key: string;
  paymentId: string;
  kind: OperationKind;
  amount: number;
  status: 'succeeded' | 'failed';
  failure: string | null;
}

const PAYMENT = columns([
  'id',
  'key',
  'secret',
  'amount',
  'currency',
  'status',
  'behaviour',
  'brand',
  'last4',
  'captured',
  'refunded',
  'failure',
  'returnUrl',
  'expiresAt',
  'createdAt',
] satisfies (keyof BankPayment)[]);
const MOVEMENT = columns(['key', 'paymentId', 'kind', 'amount', 'status', 'failure'] satisfies (keyof BankMovement)[]);

/** Keeps a new payment, or nothing when there is one with its key. */
export const insertPayment = async (tx: Queryable, payment: BankPayment): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO bank_payment (id, key, secret, amount, currency, status, behaviour, brand, last4, failure, return_url, expires_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (key) DO NOTHING`,
    [
      payment.id,
      payment.key,
      payment.secret,
      payment.amount,
      payment.currency,
      payment.status,
      payment.behaviour,
      payment.brand,
      payment.last4,
      payment.failure,
      payment.returnUrl,
      payment.expiresAt,
      payment.createdAt,
    ],
  )) > 0;

export const paymentByKey = (db: Queryable, key: string): Promise<BankPayment | undefined> =>
  db.maybeOne<BankPayment>(`SELECT ${PAYMENT} FROM bank_payment WHERE key = $1`, [key]);

export const lockPaymentByKey = (tx: Queryable, key: string): Promise<BankPayment | undefined> =>
  tx.maybeOne<BankPayment>(`SELECT ${PAYMENT} FROM bank_payment WHERE key = $1 FOR UPDATE`, [key]);

export const lockPayment = (tx: Queryable, id: string): Promise<BankPayment | undefined> =>
  tx.maybeOne<BankPayment>(`SELECT ${PAYMENT} FROM bank_payment WHERE id = $1 FOR UPDATE`, [id]);

export const findPayment = (db: Queryable, id: string): Promise<BankPayment | undefined> =>
  db.maybeOne<BankPayment>(`SELECT ${PAYMENT} FROM bank_payment WHERE id = $1`, [id]);

export const savePayment = async (tx: Queryable, payment: BankPayment): Promise<void> => {
  await tx.run(
    `UPDATE bank_payment SET status = $2, behaviour = $3, brand = $4, last4 = $5, captured = $6, refunded = $7, failure = $8, expires_at = $9
     WHERE id = $1`,
    [
      payment.id,
      payment.status,
      payment.behaviour,
      payment.brand,
      payment.last4,
      payment.captured,
      payment.refunded,
      payment.failure,
      payment.expiresAt,
    ],
  );
};

export const movementsOf = (db: Queryable, paymentId: string): Promise<BankMovement[]> =>
  db.rows<BankMovement>(`SELECT ${MOVEMENT} FROM bank_movement WHERE payment_id = $1 ORDER BY key`, [paymentId]);

export const insertMovement = async (tx: Queryable, movement: BankMovement, at: Date): Promise<void> => {
  await tx.run(
    'INSERT INTO bank_movement (key, payment_id, kind, amount, status, failure, at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [movement.key, movement.paymentId, movement.kind, movement.amount, movement.status, movement.failure, at],
  );
};

export interface BankNotice {
  id: string;
  paymentId: string;
  what: string;
}

export const insertNotice = async (
  tx: Queryable,
  notice: BankNotice & { deliveries: number; dueAt: Date },
): Promise<void> => {
  await tx.run('INSERT INTO bank_notice (id, payment_id, what, deliveries, due_at) VALUES ($1, $2, $3, $4, $5)', [
    notice.id,
    notice.paymentId,
    notice.what,
    notice.deliveries,
    notice.dueAt,
  ]);
};

/** Takes notices that are due, each for one delivery. */
export const takeDueNotices = (db: Queryable, at: Date, limit: number): Promise<BankNotice[]> =>
  db.rows<BankNotice>(
    `UPDATE bank_notice SET deliveries = deliveries - 1 WHERE id IN (
       SELECT id FROM bank_notice WHERE deliveries > 0 AND due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
     ) RETURNING id, payment_id AS "paymentId", what`,
    [at, limit],
  );
