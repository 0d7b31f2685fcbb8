import { command } from '../../chassis/http/command.ts';
import type { Context, Handlers } from '../context.ts';
import { branchOf } from '../policy/split.ts';
import { allowedUses, findUse, insertUse, lockLimit } from '../store/limits.ts';
import { countBranches, putAssignment } from '../store/splits.ts';

/** Uses are remembered at least this long, so that a journey that is run again gets the same answer. */
const REMEMBERED_MS = 7 * 86_400_000;

/** Limits and splits, which journeys share by their names. */
export const sharingHandlers = ({
  database,
  now,
}: Context): Pick<Handlers, 'useLimit' | 'assignSplit' | 'getSplit'> => ({
  useLimit: command(async (tx, { most, periodSeconds, ...use }) => {
    const at = now();
    const periodMs = periodSeconds * 1_000;
    const expiresAt = new Date(at.getTime() + Math.max(periodMs, REMEMBERED_MS));
    await lockLimit(tx, use, expiresAt);
    const known = await findUse(tx, use);
    const before = await allowedUses(tx, use, new Date(at.getTime() - periodMs));
    const allowed = known ? known.allowed : before.length < most;
    if (!known) await insertUse(tx, use, allowed, at, expiresAt);
    const used = !known && allowed ? [...before, at.toISOString()] : before;
    const freed = used[used.length - most];
    const nextAt = freed === undefined ? null : new Date(Date.parse(freed) + periodMs).toISOString();
    return { allowed, used: used.length, most, nextAt };
  }),

  assignSplit: command(async (tx, { split, subject, branches }) => {
    const branch = branchOf(split, subject, branches);
    const of = branches.map(({ name }) => name);
    const assigned = await putAssignment(tx, { split, subject, branch, of }, now());
    if (assigned.first)
      tx.append('journey.split_assigned', split, { split, branch: assigned.branch, customerId: subject });
    return { split, subject, ...assigned };
  }),

  getSplit: async ({ split }, { errors }) => {
    const branches = await countBranches(database, split);
    if (branches.length > 0) return { split, branches };
    throw errors.SPLIT_NOT_FOUND(`There is no split ${split}, or nobody was assigned by it yet.`);
  },
});
