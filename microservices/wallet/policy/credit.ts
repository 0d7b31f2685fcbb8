import type { Account } from './book.ts';

/** Credit that was granted to an owner. */
export interface Grant {
  id: string;
  accountId: string;
  ownerId: string;
  currency: string;
  amount: number;
  /** As last settled: what is left of it, or more when it was spent since. */
  remaining: number;
  /** Taken back when it expired. */
  takenBack: number;
  reference: string;
  reason: string | null;
  transferId: string;
  /** Came back with a refund. */
  returned: boolean;
  grantedAt: string;
  expiresAt: string | null;
  dueAt: string | null;
}

const expiry = ({ expiresAt }: Grant): number => (expiresAt === null ? Infinity : Date.parse(expiresAt));

/** Expiring first, then older first. */
const byExpiry = (one: Grant, other: Grant): number =>
  expiry(one) === expiry(other) ? (one.id < other.id ? -1 : 1) : expiry(one) < expiry(other) ? -1 : 1;

/**
 * The grants of an account in the order in which they are spent, each with what is really left: together that is
 * `credit`. Payments lower the account's credit alone, so the grants need writing only when one is added or expires.
 */
export const settleGrants = (grants: readonly Grant[], credit: number): Grant[] => {
  let spent = grants.reduce((sum, { remaining }) => sum + remaining, 0) - credit;
  return grants.toSorted(byExpiry).map((grant) => {
    const used = Math.min(grant.remaining, spent);
    spent -= used;
    return { ...grant, remaining: grant.remaining - used };
  });
};

/** How soon the job looks again at expired credit that open holds may still take. */
const LOOK_AGAIN_MS = 60_000;

/**
 * What is taken back of the grants that have expired at `at` (or of all of them), and the grants afterwards. Held money
 * takes credit first, expiring credit before other: that much stays until the hold is captured or released.
 */
export const takeBack = (
  grants: readonly Grant[],
  { credit, held }: Pick<Account, 'credit' | 'held'>,
  at: string,
  { all = false }: { all?: boolean } = {},
): { grants: Grant[]; taken: { grant: Grant; amount: number }[] } => {
  let heldLeft = held;
  const taken: { grant: Grant; amount: number }[] = [];
  const after = settleGrants(grants, credit).map((grant): Grant => {
    const kept = Math.min(grant.remaining, heldLeft);
    heldLeft -= kept;
    if (!all && expiry(grant) > Date.parse(at)) return grant;
    const amount = grant.remaining - kept;
    const done = {
      ...grant,
      expiresAt: expiry(grant) > Date.parse(at) ? at : grant.expiresAt,
      remaining: kept,
      takenBack: grant.takenBack + amount,
      dueAt: kept > 0 ? new Date(Date.parse(at) + LOOK_AGAIN_MS).toISOString() : null,
    };
    if (amount > 0) taken.push({ grant: done, amount });
    return done;
  });
  return { grants: after, taken };
};

export const stateOfGrant = ({ remaining, takenBack }: Grant): 'active' | 'spent' | 'expired' => {
  if (remaining > 0) return 'active';
  return takenBack > 0 ? 'expired' : 'spent';
};
