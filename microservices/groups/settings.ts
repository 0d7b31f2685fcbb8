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
  liveEveryMs: {
    variable: 'GROUPS_LIVE_MS',
    kind: kinds.milliseconds({ min: 50, max: 60_000 }),
    default: 1_000,
    description: 'How often people who watch a team are told what has changed, in milliseconds.',
  },
  liveWatchers: {
    variable: 'GROUPS_LIVE_WATCHERS',
    kind: kinds.integer({ min: 1, max: 100_000 }),
    default: 10_000,
    description: 'How many people may watch teams at a time, in each process.',
  },
  floorPercent: {
    variable: 'GROUPS_FLOOR_PERCENT',
    kind: kinds.integer({ min: 0, max: 100 }),
    default: 20,
    description: 'The floor of campaigns: no price may be below this share of the list price, in percent.',
  },
});
