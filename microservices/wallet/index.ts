import { defineService } from '../chassis/service.ts';
import { walletContract } from './contract.ts';
import { reactions } from './reactions.ts';
import { handlers } from './service.ts';
import { expiryJob } from './service/expiry.ts';
import { recentBalancesJob } from './service/recent-balances.ts';

/** The wallet: a double-entry ledger with holds. */
export const wallet = defineService({
  contract: walletContract,
  migrations: new URL('./migrations/', import.meta.url),
  build: (platform) => ({
    handlers: handlers(platform),
    reactions: reactions(platform),
    jobs: [expiryJob(platform), recentBalancesJob(platform)],
  }),
});
