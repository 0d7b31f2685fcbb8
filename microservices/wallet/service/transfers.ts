import { mayActFor } from '../../chassis/auth/authorize.ts';
import type { Caller } from '../../chassis/auth/caller.ts';
import type { InputOf } from '../../chassis/contract/index.ts';
import { command, remember } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { walletContract } from '../contract.ts';
import type { Transfer } from '../policy/book.ts';
import type { SpendRefusal } from '../policy/spending.ts';
import { newTransfer, receive, spend, spendAll } from '../policy/transfers.ts';
import { decideOn, posted, type AccountIds } from './ledger.ts';
import { moveOutside } from './outside.ts';
import { payOutProblem, spendProblem, topUpProblem } from './refusals.ts';
import { balanceResponse, transferResponse } from './responses.ts';

type Move = InputOf<typeof walletContract, 'transfer'>;
type Names = 'topUp' | 'payOut' | 'transfer' | 'transferLinked';

export const transferHandlers = ({ now }: Context): Pick<Handlers, Names> => ({
  topUp: command(async (tx, input, { errors }) => {
    const outcome = await moveOutside(tx, input, now().toISOString(), { kind: 'top_up', decide: receive });
    return outcome.done ?? remember(topUpProblem(errors, outcome.refused));
  }),

  payOut: command(async (tx, input, { errors }) => {
    const outcome = await moveOutside(tx, input, now().toISOString(), { kind: 'payout', decide: spend });
    return outcome.done ?? remember(payOutProblem(errors, outcome.refused));
  }),

  transfer: command(async (tx, input, { caller, errors }) => {
    const { fromOwnerId, amount } = input;
    if (!mayActFor(caller, fromOwnerId)) {
      throw errors.WALLET_NOT_FOUND(`There is no wallet of ${fromOwnerId} that you could pay from.`);
    }
    refuseToSelf([input], errors);
    const at = now().toISOString();
    const outcome = await decideOn(tx, partiesOf(input), at, (book, idOf) => spend(book, transferOf(input, at, idOf)));
    if (outcome.refused) return remember(transferProblem(errors, outcome.refused, input, caller));
    const { account, transfer } = posted(outcome.done, fromOwnerId, amount.currency);
    announceTransfer(tx, transfer, input);
    return { transfer: transferResponse(transfer, input), balance: balanceResponse(account) };
  }),

  transferLinked: command(async (tx, { transfers: moves }, { errors }) => {
    refuseToSelf(moves, errors);
    const at = now().toISOString();
    const linkedId = newId('lnk');
    const outcome = await decideOn(tx, moves.flatMap(partiesOf), at, (book, idOf) =>
      spendAll(
        book,
        moves.map((move) => ({ ...transferOf(move, at, idOf), linkedId })),
      ),
    );
    if (outcome.refused) {
      const which = `Transfer ${outcome.refused.index + 1} of ${moves.length}: `;
      return remember(spendProblem(errors, outcome.refused, which));
    }
    const { transfers } = outcome.done.book;
    const made = moves.flatMap((move, index) => {
      const transfer = transfers[index];
      return transfer ? [{ move, transfer }] : [];
    });
    for (const { move, transfer } of made) announceTransfer(tx, transfer, move);
    return { linkedId, transfers: made.map(({ move, transfer }) => transferResponse(transfer, move)) };
  }),
});

const refuseToSelf = (moves: readonly Move[], errors: Failures<'transferLinked'>): void => {
  const toSelf = moves.find((move) => move.fromOwnerId === move.toOwnerId);
  if (!toSelf) return;
  const ownerId = toSelf.fromOwnerId;
  throw errors.SAME_OWNER(`Payer and receiver are both ${ownerId}. Name another receiver.`, { ownerId });
};

/** A customer does not learn how much a receiver could still take. */
const transferProblem = (
  errors: Failures<'transfer'>,
  refusal: SpendRefusal,
  { toOwnerId }: Move,
  caller: Caller,
): Problem =>
  refusal.code === 'LIMIT_EXCEEDED' && refusal.limit === 'maxBalance' && caller.kind === 'customer'
    ? errors.RECEIVER_LIMIT(`${toOwnerId} cannot take that much now. Use a smaller amount.`)
    : spendProblem(errors, refusal);

/** The accounts that a move between owners names. */
const partiesOf = ({ fromOwnerId, toOwnerId, amount: { currency } }: Move) => [
  { ownerId: fromOwnerId, currency },
  { ownerId: toOwnerId, currency },
];

const transferOf = (move: Move, at: string, idOf: AccountIds): Transfer => {
  const { currency } = move.amount;
  const sides = {
    debitAccount: idOf(move.fromOwnerId, currency),
    creditAccount: idOf(move.toOwnerId, currency),
  };
  return newTransfer(newId('trf'), 'transfer', move, at, sides);
};

const announceTransfer = (tx: Tx, made: Transfer, { fromOwnerId, toOwnerId, amount, reference }: Move): void =>
  tx.append('wallet.transferred', made.debitAccount, {
    transferId: made.id,
    linkedId: made.linkedId ?? made.id,
    fromOwnerId,
    toOwnerId,
    reference,
    amount,
  });
