import type { InputOf } from '../../../microservices/chassis/contract/index.ts';
import { command, remember } from '../../../microservices/chassis/http/command.ts';
import { requireVersion } from '../../../microservices/chassis/require-version.ts';
import { withChanges } from '../../../microservices/chassis/with-changes.ts';
import type { Context, Handlers, Tx } from '../context.ts';
import type { fraudContract } from '../contract.ts';
import type { Policy } from '../policy.ts';
import { insertPolicy, readPolicy } from '../store/policy.ts';
import { policyResponse } from './responses.ts';

type Changes = Omit<InputOf<typeof fraudContract, 'setPolicy'>, 'expectedVersion'>;

export const setPolicy = ({ now }: Context): Handlers['setPolicy'] =>
  command(async (tx, { expectedVersion, ...changes }, { errors }) => {
    const currencies = (changes.reviewCosts ?? []).map(({ currency }) => currency);
    const twice = currencies.find((currency, index) => currencies.indexOf(currency) !== index);
    if (twice !== undefined) {
      const detail = `reviewCosts names ${twice} twice. Give one cost for each currency.`;
      return remember(errors.CURRENCY_TWICE(detail, { currency: twice }));
    }
    return policyResponse(
      await nextPolicy(tx, changes, now().toISOString(), (version) =>
        requireVersion({ name: 'The policy', version }, expectedVersion, errors.VERSION_CONFLICT),
      ),
    );
  });

const nextPolicy = async (
  tx: Tx,
  changes: Changes,
  at: string,
  requireKnown: (version: number) => void,
): Promise<Policy> => {
  for (;;) {
    const { version: before, changedAt: _changedAt, ...costs } = await readPolicy(tx);
    requireKnown(before);
    const version = before + 1;
    const changed = withChanges(costs, changes);
    // Another transaction wrote this version and has committed: change the policy that it left.
    if (!(await insertPolicy(tx, version, changed, at))) continue;
    tx.append('fraud.policy_changed', 'policy', { version, ...changed });
    return { ...changed, version, changedAt: at };
  }
};
