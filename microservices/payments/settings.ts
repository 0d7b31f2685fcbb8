import { currency } from '../chassis/contract/index.ts';
import { defineSettings, kinds } from '../chassis/settings/index.ts';

export const settings = defineSettings({
  pendingMinutes: {
    variable: 'PAYMENTS_PENDING_MINUTES',
    kind: kinds.minutes({ min: 1, max: 43_200 }),
    default: 60,
    description: 'How long a payment may wait to be authorized until it expires, in minutes.',
  },
  heldDays: {
    variable: 'PAYMENTS_HELD_DAYS',
    kind: kinds.days({ min: 1, max: 365 }),
    default: 7,
    description: 'How long an authorized payment waits to be captured until it expires, in days.',
  },
  jobIntervalMs: {
    variable: 'PAYMENTS_JOB_INTERVAL_MS',
    kind: kinds.milliseconds({ min: 20, max: 60_000 }),
    default: 1_000,
    description: 'How often unsettled movements, postings and overdue payments are looked for, in milliseconds.',
  },
  checkSeconds: {
    variable: 'PAYMENTS_CHECK_SECONDS',
    kind: kinds.integer({ min: 1, max: 86_400 }),
    default: 60,
    description: 'How often the provider is asked about a payment that waits for the customer, in seconds.',
  },
  settlesIn: {
    variable: 'PAYMENTS_TEST_BANK_SETTLES_IN',
    kind: kinds.optional(kinds.parsed(currency, 'an ISO 4217 currency')),
    description: 'Currency that the test bank settles all payments in; each in its own when it is not set.',
  },
  publicUrl: {
    variable: 'PAYMENTS_PUBLIC_URL',
    kind: kinds.url('http', 'https'),
    default: 'http://127.0.0.1:3000',
    description: 'Where browsers reach the platform: customers are sent to the test bank’s page below it.',
  },
});
