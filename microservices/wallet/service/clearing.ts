import { command, remember } from '../../chassis/http/command.ts';
import type { InputOf } from '../../chassis/contract/index.ts';
import { newId } from '../../chassis/ids.ts';
import { inWords } from '../../chassis/money.ts';
import type { Context, Handlers } from '../context.ts';
import type { walletContract } from '../contract.ts';
import { enter, openBook, systemAccountId, type Transfer } from '../policy/book.ts';
import { newTransfer } from '../policy/transfers.ts';
import { claimClearing, clearingTransfers, writeClearing } from '../store/clearing.ts';
import { transferResponse } from './responses.ts';

type Input = InputOf<typeof walletContract, 'postClearing'>;

/** The claim of the reference decides which of several requests posts; the others see its transfers. */
export const postClearing = ({ now }: Context): Handlers['postClearing'] =>
  command(async (tx, input, { errors }) => {
    const linkedId = newId('lnk');
    const at = now().toISOString();
    const claimed = await claimClearing(tx, { reference: input.reference, linkedId, at });
    if (claimed !== linkedId) {
      const earlier = await clearingTransfers(tx, claimed);
      const [first] = earlier;
      if (first && !isSame(earlier, input)) {
        const amount = { amount: first.amount, currency: first.currency };
        const detail = `${input.reference} was posted before as something else, beginning with ${inWords(amount)}. Use another reference.`;
        return remember(errors.REFERENCE_USED(detail, { reference: input.reference, amount }));
      }
      return { linkedId: claimed, transfers: earlier.map(shown) };
    }
    const book = transfersOf(input, linkedId, at).reduce(enter, openBook([]));
    await writeClearing(tx, book);
    return { linkedId, transfers: book.transfers.map(shown) };
  });

const transfersOf = ({ reference, transfers }: Input, linkedId: string, at: string): Transfer[] =>
  transfers.map(({ debit, credit, amount }) => ({
    ...newTransfer(newId('trf'), 'clearing', { amount, reference }, at, sidesOf({ debit, credit, amount })),
    linkedId,
  }));

const sidesOf = ({ debit, credit, amount: { currency } }: Input['transfers'][number]) => ({
  debitAccount: systemAccountId(debit, currency),
  creditAccount: systemAccountId(credit, currency),
});

const isSame = (posted: readonly Transfer[], { transfers }: Input): boolean =>
  posted.length === transfers.length &&
  transfers.every((wanted, index) => {
    const one = posted[index];
    const sides = sidesOf(wanted);
    return (
      one?.amount === wanted.amount.amount &&
      one.debitAccount === sides.debitAccount &&
      one.creditAccount === sides.creditAccount
    );
  });

const shown = (transfer: Transfer) => transferResponse(transfer, { fromOwnerId: null, toOwnerId: null });
