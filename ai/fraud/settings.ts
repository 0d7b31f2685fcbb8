import { defineSettings, kinds } from '../../microservices/chassis/settings/index.ts';

export const settings = defineSettings({
  deadlineMs: {
    variable: 'FRAUD_DEADLINE_MS',
    kind: kinds.milliseconds({ min: 1, max: 60_000 }),
    default: 500,
    description: 'How long a score waits for its history, and again for its record to be written, in milliseconds.',
  },
  jobIntervalMs: {
    variable: 'FRAUD_JOB_INTERVAL_MS',
    kind: kinds.milliseconds({ min: 1, max: 3_600_000 }),
    default: 60_000,
    description: 'How often overdue reviews are closed, in milliseconds.',
  },
});
