import { mayActFor } from '../../chassis/auth/authorize.ts';
import type { Caller } from '../../chassis/auth/caller.ts';
import type { InputOf } from '../../chassis/contract/index.ts';
import { command, remember } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import type { Problem } from '../../chassis/problem.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import type { walletContract } from '../contract.ts';
import type { Transfer } from '../policy/book.ts';
import type { OwnerRefusal } from '../policy/owners.ts';
import type { SpendRefusal } from '../policy/spending.ts';
import { newTransfer, receive, spend, spendAll, writeOff } from '../policy/transfers.ts';
import { decideOn, posted, type AccountIds } from './ledger.ts';
import { moveOutside } from './outside.ts';
import { admitting, type LookedUp } from './owners.ts';
import { payOutProblem, spendProblem, topUpProblem, writeOffProblem } from './refusals.ts';
import { balanceResponse, transferResponse } from './responses.ts';

type Move = InputOf<typeof walletContract, 'transfer'>;
type Names = 'topUp' | 'payOut' | 'writeOff' | 'transfer' | 'transferLinked';

export const transferHandlers = (context: Context): Pick<Handlers, Names> => ({
  topUp: topUp(context),
  payOut: payOut(context),
  writeOff: takeWhatIsLeft(context),
  transfer: transfer(context),
  transferLinked: transferLinked(context),
});

const topUp = (context: Context): Handlers['topUp'] =>
  command({
    commit: async (tx, input, { errors }, lookedUp?: LookedUp) => {
      const admit = admitting(context, lookedUp);
      const at = context.now().toISOString();
      const outcome = await moveOutside(tx, input, at, admit, { kind: 'top_up', decide: receive });
      return outcome.done ?? remember(topUpProblem(errors, outcome.refused));
    },
  });

const payOut = (context: Context): Handlers['payOut'] =>
  command({
    commit: async (tx, input, { errors }, lookedUp?: LookedUp) => {
      const admit = admitting(context, lookedUp);
      const at = context.now().toISOString();
      const outcome = await moveOutside(tx, input, at, admit, { kind: 'payout', decide: spend });
      return outcome.done ?? remember(payOutProblem(errors, outcome.refused));
    },
  });

const takeWhatIsLeft = (context: Context): Handlers['writeOff'] =>
  command({
    commit: async (tx, { reason, ...input }, { errors }, lookedUp?: LookedUp) => {
      const admit = admitting(context, lookedUp);
      const at = context.now().toISOString();
      const outcome = await moveOutside(tx, input, at, admit, { kind: 'write_off', reason, decide: writeOff });
      return outcome.done ?? remember(writeOffProblem(errors, outcome.refused));
    },
  });

const transfer = (context: Context): Handlers['transfer'] =>
  command({
    commit: async (tx, input, { caller, errors }, lookedUp?: LookedUp) => {
      const { fromOwnerId, amount } = input;
      if (!mayActFor(caller, fromOwnerId)) {
        throw errors.WALLET_NOT_FOUND(`There is no wallet of ${fromOwnerId} that you could pay from.`);
      }
      refuseToSelf([input], errors);
      const at = context.now().toISOString();
      const admit = admitting(context, lookedUp);
      const outcome = await decideOn(tx, partiesOf(input), at, admit, (book, idOf) =>
        spend(book, transferOf(input, at, idOf)),
      );
      if (outcome.refused) return remember(transferProblem(errors, outcome.refused, input, caller));
      const made = posted(outcome.done, fromOwnerId, amount.currency);
      announceTransfer(tx, made.transfer, input);
      return { transfer: transferResponse(made.transfer, input), balance: balanceResponse(made.account) };
    },
  });

const transferLinked = (context: Context): Handlers['transferLinked'] =>
  command({
    commit: async (tx, { transfers: moves }, { errors }, lookedUp?: LookedUp) => {
      refuseToSelf(moves, errors);
      const at = context.now().toISOString();
      const linkedId = newId('lnk');
      const admit = admitting(context, lookedUp);
      const outcome = await decideOn(tx, moves.flatMap(partiesOf), at, admit, (book, idOf) =>
        spendAll(
          book,
          moves.map((move) => ({ ...transferOf(move, at, idOf), linkedId })),
        ),
      );
      if (outcome.refused) return remember(linkedProblem(errors, outcome.refused, moves.length));
      const { transfers } = outcome.done.book;
      const made = moves.flatMap((move, index) => {
        const one = transfers[index];
        return one ? [{ move, transfer: one }] : [];
      });
      for (const { move, transfer: one } of made) announceTransfer(tx, one, move);
      return { linkedId, transfers: made.map(({ move, transfer: one }) => transferResponse(one, move)) };
    },
  });

const refuseToSelf = (moves: readonly Move[], errors: Failures<'transferLinked'>): void => {
  const toSelf = moves.find((move) => move.fromOwnerId === move.toOwnerId);
  if (!toSelf) return;
  const ownerId = toSelf.fromOwnerId;
  throw errors.SAME_OWNER(`Payer and receiver are both ${ownerId}. Name another receiver.`, { ownerId });
};

/** A customer does not learn how much a receiver could still take, nor into whom one was merged. */
const transferProblem = (
  errors: Failures<'transfer'>,
  refusal: SpendRefusal | OwnerRefusal,
  { toOwnerId }: Move,
  caller: Caller,
): Problem => {
  if (caller.kind !== 'customer') return spendProblem(errors, refusal);
  if (refusal.code === 'LIMIT_EXCEEDED' && refusal.limit === 'maxBalance')
    return errors.RECEIVER_LIMIT(`${toOwnerId} cannot take that much now. Use a smaller amount.`);
  if (refusal.code === 'OWNER_ENDED' && refusal.ownerId === toOwnerId)
    return spendProblem(errors, { code: 'OWNER_NOT_FOUND', ownerId: toOwnerId });
  return spendProblem(errors, refusal);
};

const linkedProblem = (
  errors: Failures<'transferLinked'>,
  refusal: (SpendRefusal & { index: number }) | OwnerRefusal,
  moves: number,
): Problem => spendProblem(errors, refusal, 'index' in refusal ? `Transfer ${refusal.index + 1} of ${moves}: ` : '');

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
