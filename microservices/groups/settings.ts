import { defineSettings, kinds } from '../chassis/settings/index.ts';

export const settings = defineSettings({
  jobIntervalMs: {
    variable: 'GROUPS_JOB_INTERVAL_MS',
    kind: kinds.milliseconds({ min: 20, max: 60_000 }),
    default: 500,
    description:
      'How often ended teams are looked for, orders of complete teams made, and money and stock of others let go, in milliseconds.',
  },
  expiringMinutes: {
    variable: 'GROUPS_EXPIRING_MINUTES',
    kind: kinds.minutes({ min: 1, max: 1_440 }),
    default: 60,
    description: 'How long before its end a team that lacks members is reported as about to expire, in minutes.',
  },
  floorPercent: {
    variable: 'GROUPS_FLOOR_PERCENT',
    kind: kinds.integer({ min: 0, max: 100 }),
    default: 20,
    description: 'The floor of campaigns: no price may be below this share of the list price, in percent.',
  },
});
