import type { InputOf } from '../../../microservices/chassis/contract/index.ts';
import { withChanges } from '../../../microservices/chassis/with-changes.ts';
import type { Policy } from '../policy.ts';
import { insertPolicy, readPolicy } from '../store/policy.ts';
import { policyAnswer } from './answers.ts';
import type { Fraud, FraudHandler, FraudTransaction } from './context.ts';

export const setPolicy: FraudHandler<'setPolicy'> =
  ({ platform }) =>
  async (changes, { errors, commit }) => {
    const currencies = (changes.reviewCosts ?? []).map(({ currency }) => currency);
    const twice = currencies.find((currency, index) => currencies.indexOf(currency) !== index);
    return commit(async (tx) => {
      if (twice !== undefined) {
        const detail = `reviewCosts holds ${twice} twice. Say once per currency what a look costs.`;
        return errors.CURRENCY_TWICE(detail, { currency: twice });
      }
      return policyAnswer(await nextPolicy(tx, changes, platform.now().toISOString()));
    });
  };

const nextPolicy = async (tx: FraudTransaction, changes: InputOf<Fraud, 'setPolicy'>, at: string): Promise<Policy> => {
  for (;;) {
    const { version: before, changedAt: _changedAt, ...costs } = await readPolicy(tx);
    const version = before + 1;
    const changed = withChanges(costs, changes);
    // Somebody else wrote this version meanwhile and has committed: change what they left.
    if (!(await insertPolicy(tx, version, changed, at))) continue;
    tx.append('fraud.policy_changed', 'policy', { version, ...changed });
    return { ...changed, version, changedAt: at };
  }
};
