import { inWords } from '../../chassis/money.ts';
import type { FailureConstructors, Problem } from '../../chassis/problem.ts';
import type { spendFailures } from '../contract/values.ts';
import type { LimitRefusal, SpendRefusal } from '../policy/spending.ts';

type LimitFailures = Pick<FailureConstructors<typeof spendFailures>, 'LIMIT_EXCEEDED'>;

/** The answer to whoever asked for more than a limit allows. */
export const limitProblem = (errors: LimitFailures, { ownerId, limit, allowed, requested }: LimitRefusal): Problem => {
  const rule = {
    perTransfer: `at most ${inWords(allowed)} may leave the account of ${ownerId} at once`,
    perDay: `only ${inWords(allowed)} more may leave the account of ${ownerId} today (UTC)`,
    maxBalance: `the account of ${ownerId} can take only ${inWords(allowed)} more`,
  }[limit];
  const detail = `${inWords(requested)} were asked for, but ${rule}. Use a smaller amount, or change the limit ${limit} of the account.`;
  return errors.LIMIT_EXCEEDED(detail, { ownerId, limit, allowed, requested });
};

/** The answer to whoever may not spend what they asked for; `which` names the transfer when there are several. */
export const spendProblem = (
  errors: FailureConstructors<typeof spendFailures>,
  refusal: SpendRefusal,
  which = '',
): Problem => {
  switch (refusal.code) {
    case 'INSUFFICIENT_FUNDS': {
      const { code: _, ...data } = refusal;
      return errors.INSUFFICIENT_FUNDS(
        `${which}${data.ownerId} has ${inWords(data.available)} available, and ${inWords(data.requested)} were asked for. Top up the wallet or use a smaller amount.`,
        data,
      );
    }
    case 'ACCOUNT_FROZEN': {
      const { code: _, ...data } = refusal;
      return errors.ACCOUNT_FROZEN(
        `${which}The ${data.currency} account of ${data.ownerId} is frozen: nothing may leave it. Unfreeze account ${data.accountId} first.`,
        data,
      );
    }
    case 'LIMIT_EXCEEDED':
      return limitProblem(errors, refusal);
  }
};
