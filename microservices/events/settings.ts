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
  pollMs: {
    variable: 'PUSH_POLL_MS',
    kind: kinds.milliseconds({ min: 1, max: 60_000 }),
    default: 2_000,
    description: 'How often subscriptions changed by other processes are read, in milliseconds.',
  },
});

/** Addresses that are not public and to which events may be posted. */
export type PrivateAddresses = 'none' | 'loopback' | 'private';
