import { defineSettings, kinds } from '../chassis/settings/index.ts';

export const settings = defineSettings({
  expiryIntervalMs: {
    variable: 'INVENTORY_EXPIRY_INTERVAL_MS',
    kind: kinds.milliseconds({ min: 50, max: 60_000 }),
    default: 2_000,
    description: 'How often expired reservations are released and new stock defaults applied, in milliseconds.',
  },
});
