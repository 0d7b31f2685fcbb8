import { findAccount, setFrozen, setLimits as storeLimits } from '../store/accounts.ts';
import { lockAccount, lockAccounts } from '../store/lock.ts';
import { accountAnswer } from './answers.ts';
import { openForUse, type WalletHandler } from './ledger.ts';

export const openAccount: WalletHandler<'openAccount'> =
  (platform) =>
  async (party, { commit }) =>
    commit(async (tx) => {
      await openForUse(tx, [party], platform.now().toISOString());
      const [account] = await lockAccounts(tx, [party]);
      if (!account) throw new Error(`The ${party.currency} account of ${party.ownerId} is not there after opening it`);
      return accountAnswer(account);
    });

export const getAccount: WalletHandler<'getAccount'> =
  ({ database }) =>
  async ({ accountId }, { errors }) => {
    const account = await findAccount(database, accountId);
    if (!account) throw errors.ACCOUNT_NOT_FOUND(noSuchAccount(accountId));
    return accountAnswer(account);
  };

export const freezeAccount: WalletHandler<'freezeAccount'> =
  () =>
  async ({ accountId, reason }, { errors, commit }) =>
    commit(async (tx) => {
      const before = await lockAccount(tx, accountId);
      if (!before) return errors.ACCOUNT_NOT_FOUND(noSuchAccount(accountId));
      const { ownerId, currency } = before;
      if (!before.frozen) tx.append('wallet.frozen', accountId, { accountId, ownerId, currency });
      return accountAnswer(await setFrozen(tx, accountId, true, reason));
    });

export const unfreezeAccount: WalletHandler<'unfreezeAccount'> =
  () =>
  async ({ accountId }, { errors, commit }) =>
    commit(async (tx) => {
      const before = await lockAccount(tx, accountId);
      if (!before) return errors.ACCOUNT_NOT_FOUND(noSuchAccount(accountId));
      const { ownerId, currency } = before;
      if (before.frozen) tx.append('wallet.unfrozen', accountId, { accountId, ownerId, currency });
      return accountAnswer(await setFrozen(tx, accountId, false, null));
    });

export const setLimits: WalletHandler<'setLimits'> =
  () =>
  async ({ accountId, ...limits }, { errors, commit }) =>
    commit(async (tx) => {
      const before = await lockAccount(tx, accountId);
      if (!before) return errors.ACCOUNT_NOT_FOUND(noSuchAccount(accountId));
      const { ownerId, currency } = before;
      tx.append('wallet.limits_changed', accountId, { accountId, ownerId, currency, limits });
      return accountAnswer(await storeLimits(tx, accountId, limits));
    });

const noSuchAccount = (accountId: string): string =>
  `There is no account ${accountId}. Check the identifier, or list the accounts of the owner.`;
