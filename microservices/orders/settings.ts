import { z } from 'zod';
import { defineSettings, kinds } from '../chassis/settings/index.ts';

const prefix = z.string().regex(/^[A-Z0-9-]{0,10}$/);

export const settings = defineSettings({
  quoteMinutes: {
    variable: 'ORDERS_QUOTE_MINUTES',
    kind: kinds.minutes({ min: 1, max: 1_440 }),
    default: 15,
    description: 'How long a quote can be placed, in minutes.',
  },
  confirmWithinHours: {
    variable: 'ORDERS_CONFIRM_WITHIN_HOURS',
    kind: kinds.hours({ min: 1, max: 8_760 }),
    default: 24,
    description: 'Orders that are placed or approved but not confirmed within this time are cancelled, in hours.',
  },
  cartAbandonedMinutes: {
    variable: 'ORDERS_CART_ABANDONED_MINUTES',
    kind: kinds.minutes({ min: 1, max: 43_200 }),
    default: 60,
    description: 'A filled cart that is not touched for this time is reported abandoned, in minutes.',
  },
  cartDays: {
    variable: 'ORDERS_CART_DAYS',
    kind: kinds.days({ min: 1, max: 3_650 }),
    default: 30,
    description: 'A cart that is not touched for this time is deleted, in days.',
  },
  customerInactiveDays: {
    variable: 'ORDERS_CUSTOMER_INACTIVE_DAYS',
    kind: kinds.days({ min: 1, max: 3_650 }),
    default: 90,
    description: 'A customer who has not ordered for this time is reported inactive, in days.',
  },
  jobIntervalMs: {
    variable: 'ORDERS_JOB_INTERVAL_MS',
    kind: kinds.milliseconds({ min: 1, max: 3_600_000 }),
    default: 60_000,
    description: 'How often overdue orders and abandoned carts are looked for, in milliseconds.',
  },
  invoiceRetentionDays: {
    variable: 'ORDERS_INVOICE_RETENTION_DAYS',
    kind: kinds.days({ min: 0, max: 36_500 }),
    default: 3_653,
    description:
      'How long after an order name and address of its invoice are kept for tax law when the person is erased, in days. 0 keeps none.',
  },
  numberPrefix: {
    variable: 'ORDERS_NUMBER_PREFIX',
    kind: kinds.parsed(prefix, 'up to 10 capital letters, digits and dashes'),
    default: 'FC-',
    description: 'First part of order numbers.',
  },
  taxRounding: {
    variable: 'ORDERS_TAX_ROUNDING',
    kind: kinds.choice('line', 'rate'),
    default: 'line',
    description: 'Where tax is rounded: in each line, or once for each rate, as e-invoices check it.',
  },
  creditNotePrefix: {
    variable: 'ORDERS_CREDIT_NOTE_PREFIX',
    kind: kinds.parsed(prefix, 'up to 10 capital letters, digits and dashes'),
    default: 'CN-',
    description: 'First part of the numbers of credit notes.',
  },
});
