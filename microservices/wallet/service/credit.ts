import { z } from 'zod';
import { id, type InputOf } from '../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { command, remember } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { walletContract } from '../contract.ts';
import { systemAccountId, type Account, type Book, type Transfer } from '../policy/book.ts';
import { settleGrants, type Grant } from '../policy/credit.ts';
import { newTransfer, receive } from '../policy/transfers.ts';
import {
  activeGrants,
  creditOn,
  findGrant,
  grantedSince,
  insertGrant,
  listGrants,
  saveGrants,
} from '../store/credits.ts';
import { decideLocked, lockForUse, posted, type AccountIds } from './ledger.ts';
import { admitting, type LookedUp } from './owners.ts';
import { creditLimitProblem, creditProblem, expiryProblem } from './credit-refusals.ts';
import { balanceResponse, creditResponse } from './responses.ts';

type Input = InputOf<typeof walletContract, 'grantCredit'>;

export const creditHandlers = (context: Context): Pick<Handlers, 'grantCredit' | 'listCredits'> => ({
  grantCredit: command({
    commit: async (tx, input, { errors }, lookedUp?: LookedUp) => {
      const at = context.now().toISOString();
      const attempt = (book: Book, idOf: AccountIds) => receive(book, transferOf(input, at, idOf));
      const party = { ownerId: input.ownerId, currency: input.amount.currency };
      const locked = await lockForUse(tx, [party], at, admitting(context, lookedUp), attempt);
      if (locked.refused) return remember(creditProblem(errors, locked.refused));
      const [account] = locked.done;
      if (!account) throw new Error(`The account of ${input.ownerId} is not there after opening it`);
      const earlier = await findGrant(tx, account.id, input.reference);
      if (earlier) return repeated(tx, input, earlier, account, errors);
      const refused = await refusalOf(tx, input, account, at, errors);
      if (refused) return remember(refused);
      const outcome = await decideLocked(tx, locked.done, attempt);
      if (outcome.refused) return remember(creditProblem(errors, outcome.refused));
      const made = posted(outcome.done, party.ownerId, party.currency);
      const grant = await keepGrant(tx, input, account, made.transfer, at);
      return { credit: creditResponse(grant), balance: balanceResponse(made.account) };
    },
  }),
  listCredits: listCredits(context),
});

const transferOf = (input: Input, at: string, idOf: AccountIds): Transfer => {
  const { currency } = input.amount;
  const sides = { debitAccount: systemAccountId('credits', currency), creditAccount: idOf(input.ownerId, currency) };
  return { ...newTransfer(newId('trf'), 'credit', input, at, sides), reason: input.reason };
};

const repeated = async (
  tx: Tx,
  { amount, reference }: Input,
  earlier: Grant,
  account: Account,
  errors: Failures<'grantCredit'>,
) => {
  if (earlier.amount !== amount.amount) {
    const first = { amount: earlier.amount, currency: earlier.currency };
    return remember(creditProblem(errors, { code: 'REFERENCE_USED', what: 'credit', reference, amount: first }));
  }
  const settled = settleGrants(await activeGrants(tx, [account.id]), account.credit);
  const credit = settled.find((grant) => grant.id === earlier.id) ?? earlier;
  return { credit: creditResponse(credit), balance: balanceResponse(account) };
};

const DAY_MS = 86_400_000;

/** The account is locked, so that of many grants at once each sees those before it. */
const refusalOf = async (
  tx: Tx,
  { amount, atMost, periodDays, expiresAt }: Input,
  account: Account,
  at: string,
  errors: Failures<'grantCredit'>,
): Promise<Problem | undefined> => {
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.parse(at)) return expiryProblem(errors, expiresAt);
  if (atMost === undefined) return undefined;
  const granted = await grantedSince(tx, account.id, new Date(Date.parse(at) - periodDays * DAY_MS));
  if (granted + amount.amount <= atMost.amount) return undefined;
  const { ownerId, currency } = account;
  return creditLimitProblem(errors, { ownerId, granted: { amount: granted, currency }, atMost, periodDays });
};

/** Settles what was spent so far, so that the new grant does not count as spent, and keeps the new one. */
const keepGrant = async (tx: Tx, input: Input, account: Account, transfer: Transfer, at: string): Promise<Grant> => {
  const { ownerId, amount, reference, reason, expiresAt = null } = input;
  await saveGrants(tx, settleGrants(await activeGrants(tx, [account.id]), account.credit));
  const grant: Grant = {
    ...{ id: newId('crd'), accountId: account.id, ownerId, currency: amount.currency, amount: amount.amount },
    ...{ remaining: amount.amount, takenBack: 0, reference, reason, transferId: transfer.id, returned: false },
    ...{ grantedAt: at, expiresAt, dueAt: expiresAt },
  };
  await insertGrant(tx, grant);
  tx.append('wallet.credit_granted', account.id, {
    ...{ creditId: grant.id, transferId: transfer.id, ownerId, accountId: account.id },
    ...{ reference, amount, expiresAt },
  });
  return grant;
};

const listCredits =
  ({ database }: Context): Handlers['listCredits'] =>
  async ({ cursor, limit, ...filter }) => {
    const [before] = readCursor(cursor, z.tuple([id('crd')])) ?? [null];
    const rows = await listGrants(database, { ...filter, before, limit: limit + 1 });
    const accountIds = [...new Set(rows.map(({ accountId }) => accountId))];
    const credit = await creditOn(database, accountIds);
    const active = Map.groupBy(await activeGrants(database, accountIds), ({ accountId }) => accountId);
    const settled = new Map(
      [...active].flatMap(([accountId, grants]) =>
        settleGrants(grants, credit.get(accountId) ?? 0).map((grant) => [grant.id, grant] as const),
      ),
    );
    return toPage(
      rows,
      limit,
      (grant) => [grant.id],
      (grant) => creditResponse(settled.get(grant.id) ?? grant),
    );
  };
