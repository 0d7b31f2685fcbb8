import { defineSettings, kinds } from '../../../../../microservices/chassis/settings/index.ts';

export const settings = defineSettings({
  draftDays: {
    variable: 'GIFTING_DRAFT_DAYS',
    kind: kinds.days({ min: 1, max: 365 }),
    default: 14,
    description: 'How many days a draft of a gift note may wait until it expires.',
  },
  expiryIntervalMs: {
    variable: 'GIFTING_EXPIRY_INTERVAL_MS',
    kind: kinds.milliseconds({ min: 50, max: 60_000 }),
    default: 5_000,
    description: 'How often drafts whose time is up expire, in milliseconds.',
  },
});
