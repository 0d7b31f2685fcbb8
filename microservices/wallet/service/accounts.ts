import { command, remember } from '../../chassis/http/command.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { Account } from '../policy/book.ts';
import { findAccount, setFrozen, setLimits } from '../store/accounts.ts';
import { lockAccount } from '../store/lock.ts';
import { lockForUse } from './ledger.ts';
import { admitting, type LookedUp } from './owners.ts';
import { ownerProblem } from './refusals.ts';
import { accountResponse } from './responses.ts';

type Names = 'openAccount' | 'getAccount' | 'freezeAccount' | 'unfreezeAccount' | 'setLimits';

const openAccount = (context: Context): Handlers['openAccount'] =>
  command({
    commit: async (tx, party, { errors }, lookedUp?: LookedUp) => {
      const at = context.now().toISOString();
      const admit = admitting(context, lookedUp);
      const locked = await lockForUse<never>(tx, [party], at, admit, (book) => ({ done: book }));
      if (locked.refused) return remember(ownerProblem(errors, locked.refused));
      const [account] = locked.done;
      if (!account) throw new Error(`The ${party.currency} account of ${party.ownerId} is not there after opening it`);
      return accountResponse(account);
    },
  });

export const accountHandlers = (context: Context): Pick<Handlers, Names> => ({
  openAccount: openAccount(context),

  getAccount: async ({ accountId }, { errors }) => {
    const account = await findAccount(context.database, accountId);
    if (!account) throw noAccount(accountId, errors);
    return accountResponse(account);
  },

  freezeAccount: command(async (tx, { accountId, reason }, { errors }) => {
    const account = await lockAccount(tx, accountId);
    return account ? freeze(tx, account, { frozen: true, reason }) : remember(noAccount(accountId, errors));
  }),

  unfreezeAccount: command(async (tx, { accountId }, { errors }) => {
    const account = await lockAccount(tx, accountId);
    return account ? freeze(tx, account, { frozen: false, reason: null }) : remember(noAccount(accountId, errors));
  }),

  setLimits: command(async (tx, { accountId, ...limits }, { errors }) => {
    const account = await lockAccount(tx, accountId);
    if (!account) return remember(noAccount(accountId, errors));
    tx.append('wallet.limits_changed', accountId, { ...about(account), limits });
    return accountResponse(await setLimits(tx, accountId, limits));
  }),
});

const noAccount = (accountId: string, errors: Failures<'getAccount'>): Problem =>
  errors.ACCOUNT_NOT_FOUND(`There is no account ${accountId}. List the accounts of the owner to find the right id.`);

const freeze = async (tx: Tx, before: Account, { frozen, reason }: { frozen: boolean; reason: string | null }) => {
  if (before.frozen !== frozen) tx.append(frozen ? 'wallet.frozen' : 'wallet.unfrozen', before.id, about(before));
  return accountResponse(await setFrozen(tx, before.id, frozen, reason));
};

const about = ({ id: accountId, ownerId, currency }: Account) => ({ accountId, ownerId, currency });
