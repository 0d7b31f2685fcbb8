import type { z } from 'zod';
import type { InputOf } from '../../chassis/contract/index.ts';
import { newId } from '../../chassis/ids.ts';
import type { Tx } from '../context.ts';
import type { walletContract } from '../contract.ts';
import type { receipt } from '../contract/values.ts';
import { systemAccountId, type Account, type Book, type Outcome, type Transfer } from '../policy/book.ts';
import { newTransfer, type Sides } from '../policy/transfers.ts';
import { findOutside } from '../store/transfers.ts';
import type { OwnerRefusal } from '../policy/owners.ts';
import { decideLocked, lockForUse, posted, type AccountIds, type Admit } from './ledger.ts';
import type { ReferenceUsed } from './refusals.ts';
import { balanceResponse, transferResponse } from './responses.ts';

type Receipt = z.input<typeof receipt>;
type Input = InputOf<typeof walletContract, 'topUp'>;

type Kind = 'top_up' | 'payout' | 'write_off';

interface Direction<Refusal> {
  kind: Kind;
  /** For the books. */
  reason?: string;
  decide: (book: Book, transfer: Transfer) => Outcome<Book, Refusal>;
}

/**
 * Moves money between the outside (or the platform, for what is written off) and an owner's account, with its event.
 * Once for each owner, currency and reference: a repeat returns the first transfer. The account's lock makes that
 * exact.
 */
export const moveOutside = async <Refusal>(
  tx: Tx,
  input: Input,
  at: string,
  admit: Admit,
  { kind, decide, reason = undefined }: Direction<Refusal>,
): Promise<Outcome<Receipt, Refusal | OwnerRefusal | ReferenceUsed>> => {
  const { ownerId, amount, reference } = input;
  const { currency } = amount;
  const attempt = (book: Book, idOf: AccountIds) =>
    decide(book, {
      ...newTransfer(newId('trf'), kind, input, at, sidesOf(kind, idOf(ownerId, currency), currency)),
      reason: reason ?? null,
    });
  const locked = await lockForUse(tx, [{ ownerId, currency }], at, admit, attempt);
  if (!locked.done) return locked;
  const [before] = locked.done;
  const earlier = before && (await findOutside(tx, kind, before.id, reference));
  if (earlier) return repeated(kind, input, earlier, before);
  const outcome = await decideLocked(tx, locked.done, attempt);
  if (!outcome.done) return outcome;
  const { account, transfer } = posted(outcome.done, ownerId, currency);
  const moved = { transferId: transfer.id, ownerId, accountId: account.id, reference, amount };
  tx.append(EVENT[kind], account.id, moved);
  return { done: receiptOf(transfer, account) };
};

const EVENT = { top_up: 'wallet.topped_up', payout: 'wallet.paid_out', write_off: 'wallet.written_off' } as const;
const CALLED = { top_up: 'top-up', payout: 'payout', write_off: 'write-off' } as const;

const repeated = (
  kind: Kind,
  { amount, reference }: Input,
  earlier: Transfer,
  account: Account,
): Outcome<Receipt, ReferenceUsed> =>
  earlier.amount === amount.amount
    ? { done: receiptOf(earlier, account) }
    : {
        refused: {
          code: 'REFERENCE_USED',
          what: CALLED[kind],
          reference,
          amount: { amount: earlier.amount, currency: earlier.currency },
        },
      };

const receiptOf = (transfer: Transfer, account: Account): Receipt => ({
  transfer: transferResponse(transfer, {
    fromOwnerId: transfer.debitAccount === account.id ? account.ownerId : null,
    toOwnerId: transfer.creditAccount === account.id ? account.ownerId : null,
  }),
  balance: balanceResponse(account),
});

const sidesOf = (kind: Kind, own: string, currency: string): Sides => {
  const outside = systemAccountId(kind === 'write_off' ? 'write_offs' : 'external', currency);
  return kind === 'top_up'
    ? { debitAccount: outside, creditAccount: own }
    : { debitAccount: own, creditAccount: outside };
};
