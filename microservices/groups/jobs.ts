import type { Job } from '../chassis/jobs.ts';
import type { Context } from './context.ts';
import { abandonedReleaser, bargainSettler, lapseDue, tellExpiringBargains } from './service/bargain-ends.ts';
import { moveCampaigns } from './service/campaigns.ts';
import { endDue, giveUpById, tellExpiring } from './service/ends.ts';
import { settler } from './service/settle.ts';
import { staleClaims } from './store/seats.ts';

const BATCH = 50;

/** Gives up places of joiners who did not finish in time; true when there may be more. */
const sweepClaims = async (context: Context): Promise<boolean> => {
  const at = context.now();
  const stale = await staleClaims(context.database, at, BATCH);
  for (const seat of stale) await context.commit((tx) => giveUpById(tx, seat, { reason: 'not_finished', at }));
  return stale.length === BATCH;
};

export const jobs = (context: Context): Job[] => [...jobsOfTeams(context), ...jobsOfBargains(context)];

const leadMs = ({ settings }: Context): number => settings.expiringMinutes * 60_000;

const jobsOfBargains = (context: Context): Job[] => {
  const everyMs = context.settings.jobIntervalMs;
  return [
    { name: 'end-bargains', everyMs, run: () => context.commit((tx) => lapseDue(tx, context.now())) },
    { name: 'settle-bargains', everyMs, run: bargainSettler(context) },
    { name: 'let-go-of-abandoned-orders', everyMs, run: abandonedReleaser(context) },
    {
      name: 'tell-expiring-bargains',
      everyMs,
      run: () => context.commit((tx) => tellExpiringBargains(tx, context.now(), leadMs(context))),
    },
  ];
};

const jobsOfTeams = (context: Context): Job[] => {
  const everyMs = context.settings.jobIntervalMs;
  return [
    { name: 'move-campaigns', everyMs, run: () => context.commit((tx) => moveCampaigns(tx, context.now())) },
    { name: 'end-teams', everyMs, run: () => context.commit((tx) => endDue(tx, context.now())) },
    { name: 'settle-seats', everyMs, run: settler(context) },
    { name: 'sweep-claims', everyMs: Math.max(1_000, everyMs), run: () => sweepClaims(context) },
    {
      name: 'tell-expiring',
      everyMs,
      run: () => context.commit((tx) => tellExpiring(tx, context.now(), leadMs(context))),
    },
  ];
};
