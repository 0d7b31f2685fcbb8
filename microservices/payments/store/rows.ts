import { columns } from '../../chassis/database/columns.ts';
import type { Operation, Part, Payment } from '../policy/model.ts';

export const PAYMENT = [
  'id',
  'orderId',
  'cartId',
  'customerId',
  'currency',
  'amount',
  'authorized',
  'captured',
  'refunded',
  'disputed',
  'state',
  'live',
  'announced',
  'giveBack',
  'expiresAt',
  'createdAt',
] as const satisfies (keyof Payment)[];

export const PART = [
  'id',
  'paymentId',
  'position',
  'method',
  'provider',
  'amount',
  'authorized',
  'captured',
  'refunded',
  'state',
  'providerPaymentId',
  'actionUrl',
  'actionSecret',
  'failure',
  'cardBrand',
  'cardLast4',
  'expiresAt',
  'checkAt',
] as const satisfies (keyof Part)[];

export const OPERATION = [
  'id',
  'paymentId',
  'partId',
  'kind',
  'amount',
  'final',
  'reference',
  'reason',
  'token',
  'returnUrl',
  'cause',
  'requestKey',
  'state',
  'failure',
  'attempts',
  'dueAt',
  'createdAt',
  'settledAt',
] as const satisfies (keyof Operation)[];

export const paymentColumns = (table?: string): string => columns(PAYMENT, table);
export const partColumns = (table?: string): string => columns(PART, table);
export const operationColumns = (table?: string): string => columns(OPERATION, table);

const inDatabase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A row as JSON with the table's column names, for jsonb_populate_record. */
export const asRow = (names: readonly string[], value: object): Record<string, unknown> => {
  const given: Record<string, unknown> = { ...value };
  return Object.fromEntries(names.map((name) => [inDatabase(name), given[name]]));
};

/** `a, b` and `a = EXCLUDED.a, b = EXCLUDED.b` for writing whole rows. */
export const rowNames = (names: readonly string[]): string => names.map(inDatabase).join(', ');
export const overwriting = (names: readonly string[]): string =>
  names
    .filter((name) => name !== 'id')
    .map((name) => `${inDatabase(name)} = EXCLUDED.${inDatabase(name)}`)
    .join(', ');
