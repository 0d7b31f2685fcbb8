import { z } from 'zod';
import { wholeNumber } from '../chassis/whole-number.ts';

const variables = {
  ORDERS_QUOTE_MINUTES: { schema: wholeNumber(15, 1_440), holds: 'a whole number of minutes from 1 to 1440' },
  ORDERS_CONFIRM_WITHIN_HOURS: { schema: wholeNumber(24, 8_760), holds: 'a whole number of hours from 1 to 8760' },
  ORDERS_CART_ABANDONED_MINUTES: {
    schema: wholeNumber(60, 43_200),
    holds: 'a whole number of minutes from 1 to 43200',
  },
  ORDERS_CART_DAYS: { schema: wholeNumber(30, 3_650), holds: 'a whole number of days from 1 to 3650' },
  ORDERS_JOB_INTERVAL_MS: {
    schema: wholeNumber(60_000, 3_600_000),
    holds: 'a whole number of milliseconds from 1 to 3600000',
  },
  ORDERS_NUMBER_PREFIX: {
    schema: z
      .string()
      .regex(/^[A-Z0-9-]{0,10}$/)
      .default('FC-'),
    holds: 'up to 10 capital letters, digits and dashes',
  },
} as const;
type Variable = keyof typeof variables;

export interface OrdersSettings {
  /** How long a quote can be placed. */
  quoteMinutes: number;
  /** Orders that are placed or approved but not confirmed within this are cancelled. */
  confirmWithinHours: number;
  /** A filled cart untouched for this long is reported abandoned. */
  cartAbandonedMinutes: number;
  /** An open cart untouched for this long is deleted. */
  cartDays: number;
  /** How often overdue orders and abandoned carts are looked for. */
  jobIntervalMs: number;
  /** What order numbers begin with. */
  numberPrefix: string;
}

/** Reads the settings of orders from the environment. Throws naming the variable, what it holds and what it should hold. */
export const readSettings = (environment: Record<string, string | undefined>): OrdersSettings => {
  const read = <Name extends Variable>(name: Name): z.output<(typeof variables)[Name]['schema']> => {
    const parsed = variables[name].schema.safeParse(environment[name]);
    if (parsed.success) return parsed.data as z.output<(typeof variables)[Name]['schema']>;
    throw new Error(`${name} holds "${environment[name] ?? ''}"; it should hold ${variables[name].holds}.`);
  };
  return {
    quoteMinutes: read('ORDERS_QUOTE_MINUTES'),
    confirmWithinHours: read('ORDERS_CONFIRM_WITHIN_HOURS'),
    cartAbandonedMinutes: read('ORDERS_CART_ABANDONED_MINUTES'),
    cartDays: read('ORDERS_CART_DAYS'),
    jobIntervalMs: read('ORDERS_JOB_INTERVAL_MS'),
    numberPrefix: read('ORDERS_NUMBER_PREFIX'),
  };
};
