import { email } from '../chassis/contract/index.ts';
import { defineSettings, kinds } from '../chassis/settings/index.ts';

export const settings = defineSettings({
  allowPrivate: {
    variable: 'PUSH_ALLOW_PRIVATE',
    kind: kinds.choice('none', 'loopback', 'private'),
    default: 'none',
    description:
      'Addresses that are not public and to which events may be posted: loopback is this machine, private also private networks. `npm start` with its own engines sets loopback.',
  },
  retryMs: {
    variable: 'PUSH_RETRY_MS',
    kind: kinds.milliseconds({ min: 1, max: 3_600_000 }),
    default: 1_000,
    description: 'Pause after the first failed delivery, in milliseconds; it doubles with each failure.',
  },
  probeMs: {
    variable: 'PUSH_PROBE_MS',
    kind: kinds.milliseconds({ min: 1, max: 60_000 }),
    default: 1_000,
    description: 'Pause before the first probe of a receiver that is away, in milliseconds; it doubles with each.',
  },
  staffEmail: {
    variable: 'STAFF_EMAIL',
    kind: kinds.parsed(email, 'an e-mail address, for example operations@shop.example'),
    default: 'staff@example.com',
    description:
      'Who is told when an event could not be handled and waits in the dead letters. Set it when SMTP_URL is set.',
  },
  tellStaffMs: {
    variable: 'EVENTS_TELL_STAFF_MS',
    kind: kinds.milliseconds({ min: 1_000, max: 604_800_000 }),
    default: 3_600_000,
    description: 'Staff get at most one message about the dead letters of a workflow in this time, in milliseconds.',
  },
  most: {
    variable: 'PUSH_SUBSCRIPTIONS',
    kind: kinds.integer({ min: 1, max: 1_000 }),
    default: 50,
    description:
      'How many subscriptions the shop may have, paused ones included: each reads Kafka by itself, in memory of its own.',
  },
  pollMs: {
    variable: 'PUSH_POLL_MS',
    kind: kinds.milliseconds({ min: 1, max: 60_000 }),
    default: 2_000,
    description: 'How often subscriptions changed by other processes are read, in milliseconds.',
  },
  waitHistoryDays: {
    variable: 'WAIT_HISTORY_DAYS',
    kind: kinds.days({ min: 1, max: 90 }),
    default: 7,
    description:
      'How long events of types that journeys wait for are kept, for waits that count the events since their journey began, in days.',
  },
  conversionDays: {
    variable: 'JOURNEY_CONVERSION_DAYS',
    kind: kinds.days({ min: 1, max: 90 }),
    default: 7,
    description:
      'An order counts as the success of a journey or split for this time after the customer entered it, in days.',
  },
  waitPollMs: {
    variable: 'WAIT_POLL_MS',
    kind: kinds.milliseconds({ min: 1, max: 60_000 }),
    default: 1_000,
    description: 'How often waiting journeys are looked at for time-outs, in milliseconds.',
  },
});

/** Addresses that are not public and to which events may be posted. */
export type PrivateAddresses = 'none' | 'loopback' | 'private';
