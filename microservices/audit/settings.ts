import { defineSettings, kinds } from '../chassis/settings/index.ts';

export const settings = defineSettings({
  keepDays: {
    variable: 'AUDIT_KEEP_DAYS',
    kind: kinds.days({ min: 30, max: 36_500 }),
    default: 730,
    description: 'How many days entries of the audit trail are kept; older ones are dropped behind an anchor.',
  },
  checkIntervalMs: {
    variable: 'AUDIT_CHECK_INTERVAL_MS',
    kind: kinds.milliseconds({ min: 50, max: 604_800_000 }),
    default: 86_400_000,
    description:
      'How often the audit trail is verified and anchored, in milliseconds. Each anchor is published as audit.anchored.',
  },
});
