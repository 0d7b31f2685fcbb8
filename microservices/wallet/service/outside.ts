import type { z } from 'zod';
import type { InputOf } from '../../chassis/contract/index.ts';
import { newId } from '../../chassis/ids.ts';
import type { Tx } from '../context.ts';
import type { walletContract } from '../contract.ts';
import type { receipt } from '../contract/values.ts';
import { systemAccountId, type Book, type Outcome, type Transfer } from '../policy/book.ts';
import { newTransfer, type Sides } from '../policy/transfers.ts';
import { decideOn, posted } from './ledger.ts';
import { balanceResponse, transferResponse } from './responses.ts';

type Receipt = z.input<typeof receipt>;

interface Direction<Refusal> {
  kind: 'top_up' | 'payout';
  decide: (book: Book, transfer: Transfer) => Outcome<Book, Refusal>;
}

/** Moves money between the outside and an owner's account, with its event. */
export const moveOutside = async <Refusal>(
  tx: Tx,
  input: InputOf<typeof walletContract, 'topUp'>,
  at: string,
  { kind, decide }: Direction<Refusal>,
): Promise<Outcome<Receipt, Refusal>> => {
  const { ownerId, amount, reference } = input;
  const { currency } = amount;
  const outcome = await decideOn(tx, [{ ownerId, currency }], at, (book, idOf) =>
    decide(book, newTransfer(newId('trf'), kind, input, at, sidesOf(kind, idOf(ownerId, currency), currency))),
  );
  if (!outcome.done) return outcome;
  const { account, transfer } = posted(outcome.done, ownerId, currency);
  const moved = { transferId: transfer.id, ownerId, accountId: account.id, reference, amount };
  tx.append(kind === 'top_up' ? 'wallet.topped_up' : 'wallet.paid_out', account.id, moved);
  const owners =
    kind === 'top_up' ? { fromOwnerId: null, toOwnerId: ownerId } : { fromOwnerId: ownerId, toOwnerId: null };
  return { done: { transfer: transferResponse(transfer, owners), balance: balanceResponse(account) } };
};

const sidesOf = (kind: Direction<never>['kind'], own: string, currency: string): Sides => {
  const outside = systemAccountId('external', currency);
  return kind === 'top_up'
    ? { debitAccount: outside, creditAccount: own }
    : { debitAccount: own, creditAccount: outside };
};
