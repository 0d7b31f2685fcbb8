import { mayActFor } from '../../chassis/auth/authorize.ts';
import type { InputOf } from '../../chassis/contract/index.ts';
import { newId } from '../../chassis/ids.ts';
import { accountOf, systemAccountId, type Account, type Transfer, type TransferKind } from '../policy/book.ts';
import { receive, spend, spendAll } from '../policy/transfers.ts';
import { balanceAnswer, transferAnswer } from './answers.ts';
import {
  decideOn,
  type AccountIds,
  type Decided,
  type Wallet,
  type WalletHandler,
  type WalletTransaction,
} from './ledger.ts';
import { limitProblem, spendProblem } from './refusals.ts';

type Move = InputOf<Wallet, 'transfer'>;
type Sides = Pick<Transfer, 'debitAccount' | 'creditAccount'>;

const newTransfer = (
  kind: TransferKind,
  { amount, reference }: Pick<Move, 'amount' | 'reference'>,
  at: string,
  sides: Sides,
): Transfer => ({
  id: newId('trf'),
  linkedId: null,
  kind,
  currency: amount.currency,
  amount: amount.amount,
  ...sides,
  holdId: null,
  reference,
  reason: null,
  at,
});

/** The transfer that a command posted, and the account of its owner after it. */
const posted = (
  { book, idOf }: Decided,
  ownerId: string,
  currency: string,
): { transfer: Transfer; account: Account } => {
  const [transfer] = book.transfers;
  if (!transfer) throw new Error(`Nothing was posted for ${ownerId}`);
  return { transfer, account: accountOf(book, idOf(ownerId, currency)) };
};

export const topUp: WalletHandler<'topUp'> =
  (platform) =>
  async (input, { errors, commit }) =>
    commit(async (tx) => {
      const { ownerId, amount, reference } = input;
      const at = platform.now().toISOString();
      const debitAccount = systemAccountId('external', amount.currency);
      const outcome = await decideOn(tx, [{ ownerId, currency: amount.currency }], at, (book, idOf) =>
        receive(
          book,
          newTransfer('top_up', input, at, { debitAccount, creditAccount: idOf(ownerId, amount.currency) }),
        ),
      );
      if (outcome.refused) return limitProblem(errors, outcome.refused);
      const { account, transfer } = posted(outcome.done, ownerId, amount.currency);
      tx.append('wallet.topped_up', account.id, {
        transferId: transfer.id,
        ownerId,
        accountId: account.id,
        reference,
        amount,
      });
      return {
        transfer: transferAnswer(transfer, { fromOwnerId: null, toOwnerId: ownerId }),
        balance: balanceAnswer(account),
      };
    });

export const payOut: WalletHandler<'payOut'> =
  (platform) =>
  async (input, { errors, commit }) =>
    commit(async (tx) => {
      const { ownerId, amount, reference } = input;
      const at = platform.now().toISOString();
      const creditAccount = systemAccountId('external', amount.currency);
      const outcome = await decideOn(tx, [{ ownerId, currency: amount.currency }], at, (book, idOf) =>
        spend(book, newTransfer('payout', input, at, { debitAccount: idOf(ownerId, amount.currency), creditAccount })),
      );
      if (outcome.refused) return spendProblem(errors, outcome.refused);
      const { account, transfer } = posted(outcome.done, ownerId, amount.currency);
      tx.append('wallet.paid_out', account.id, {
        transferId: transfer.id,
        ownerId,
        accountId: account.id,
        reference,
        amount,
      });
      return {
        transfer: transferAnswer(transfer, { fromOwnerId: ownerId, toOwnerId: null }),
        balance: balanceAnswer(account),
      };
    });

export const transfer: WalletHandler<'transfer'> =
  (platform) =>
  async (input, { caller, errors, commit }) => {
    const { fromOwnerId, toOwnerId, amount } = input;
    if (!mayActFor(caller, fromOwnerId)) {
      throw errors.WALLET_NOT_FOUND(`There is no wallet of ${fromOwnerId} that you could pay from.`);
    }
    if (fromOwnerId === toOwnerId) throw errors.SAME_OWNER(sameOwnerDetail(fromOwnerId), { ownerId: fromOwnerId });
    return commit(async (tx) => {
      const at = platform.now().toISOString();
      const outcome = await decideOn(tx, partiesOf(input), at, (book, idOf) =>
        spend(book, newTransfer('transfer', input, at, sidesOf(input, idOf))),
      );
      if (outcome.refused) {
        const receivers = outcome.refused.code === 'LIMIT_EXCEEDED' && outcome.refused.limit === 'maxBalance';
        // What room a receiver has left is none of the payer's business.
        return receivers && caller.kind === 'customer'
          ? errors.RECEIVER_LIMIT(`${toOwnerId} cannot take that much now. Use a smaller amount.`)
          : spendProblem(errors, outcome.refused);
      }
      const { account, transfer: made } = posted(outcome.done, fromOwnerId, amount.currency);
      announceTransfer(tx, made, input);
      return { transfer: transferAnswer(made, input), balance: balanceAnswer(account) };
    });
  };

export const transferLinked: WalletHandler<'transferLinked'> =
  (platform) =>
  async ({ transfers: moves }, { errors, commit }) => {
    const toSelf = moves.find((move) => move.fromOwnerId === move.toOwnerId);
    if (toSelf) throw errors.SAME_OWNER(sameOwnerDetail(toSelf.fromOwnerId), { ownerId: toSelf.fromOwnerId });
    return commit(async (tx) => {
      const at = platform.now().toISOString();
      const linkedId = newId('lnk');
      const link = (move: Move, idOf: AccountIds) => ({
        ...newTransfer('transfer', move, at, sidesOf(move, idOf)),
        linkedId,
      });
      const outcome = await decideOn(tx, moves.flatMap(partiesOf), at, (book, idOf) =>
        spendAll(
          book,
          moves.map((move) => link(move, idOf)),
        ),
      );
      if (outcome.refused) {
        return spendProblem(errors, outcome.refused, `Transfer ${outcome.refused.index + 1} of ${moves.length}: `);
      }
      const made = moves.map((move, index) => ({ move, transfer: outcome.done.book.transfers[index] }));
      return {
        linkedId,
        transfers: made.flatMap(({ move, transfer: one }) => {
          if (!one) return [];
          announceTransfer(tx, one, move);
          return [transferAnswer(one, move)];
        }),
      };
    });
  };

/** The accounts that a move between owners names. */
const partiesOf = ({ fromOwnerId, toOwnerId, amount: { currency } }: Move) => [
  { ownerId: fromOwnerId, currency },
  { ownerId: toOwnerId, currency },
];

const sidesOf = ({ fromOwnerId, toOwnerId, amount: { currency } }: Move, idOf: AccountIds): Sides => ({
  debitAccount: idOf(fromOwnerId, currency),
  creditAccount: idOf(toOwnerId, currency),
});

const sameOwnerDetail = (ownerId: string): string =>
  `Payer and receiver are both ${ownerId}. Name another receiver: money cannot be transferred to where it is.`;

const announceTransfer = (
  tx: WalletTransaction,
  made: Transfer,
  { fromOwnerId, toOwnerId, amount, reference }: Move,
): void =>
  tx.append('wallet.transferred', made.debitAccount, {
    transferId: made.id,
    linkedId: made.linkedId ?? made.id,
    fromOwnerId,
    toOwnerId,
    reference,
    amount,
  });
