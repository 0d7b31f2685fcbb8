import type { Money } from '../../chassis/contract/index.ts';
import { inWords } from '../../chassis/money.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { Failures } from '../context.ts';
import type { OwnerRefusal } from '../policy/owners.ts';
import type { ReceiptRefusal } from '../policy/spending.ts';
import { topUpProblem, type ReferenceUsed } from './refusals.ts';

export const creditProblem = (
  errors: Failures<'grantCredit'>,
  refusal: ReceiptRefusal | OwnerRefusal | ReferenceUsed,
): Problem => topUpProblem(errors, refusal);

export const expiryProblem = (errors: Failures<'grantCredit'>, expiresAt: string): Problem =>
  errors.EXPIRY_PASSED(`${expiresAt} has passed. Name a later time, or none for credit that does not expire.`, {
    expiresAt,
  });

export const creditLimitProblem = (
  errors: Failures<'grantCredit'>,
  limit: { ownerId: string; granted: Money; atMost: Money; periodDays: number },
): Problem => {
  const { ownerId, granted, atMost, periodDays } = limit;
  const detail = `${ownerId} was granted ${inWords(granted)} within ${periodDays} days, and may be granted ${inWords(atMost)} at most. Grant less, or later.`;
  return errors.CREDIT_LIMIT_REACHED(detail, limit);
};
