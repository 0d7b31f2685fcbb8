import type { Job } from '../chassis/jobs.ts';
import { ordersContract } from '../orders/contract.ts';
import type { Context } from './context.ts';
import { applyDefaultsBatch } from './service/policies.ts';
import { expireBatch } from './service/settle.ts';
import { settleLegacy } from './service/settle-legacy.ts';

export const jobs = (context: Context): Job[] => {
  const orders = context.client(ordersContract);
  return [
    {
      name: 'expire-reservations',
      everyMs: context.settings.expiryIntervalMs,
      run: () => context.commit(expireBatch),
    },
    {
      name: 'apply-stock-defaults',
      everyMs: context.settings.expiryIntervalMs,
      run: () => context.commit(applyDefaultsBatch),
    },
    {
      // Finds nothing any more some time after the update that put committed units back on the shelf.
      name: 'settle-legacy-stock',
      everyMs: context.settings.expiryIntervalMs,
      run: () => settleLegacy(context, orders),
    },
  ];
};
