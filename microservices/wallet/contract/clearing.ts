import { z } from 'zod';
import { operation, positiveMoney, reference } from '../../chassis/contract/index.ts';
import { referenceUsed, systemAccount, transfer } from './values.ts';

const posting = z.object({
  debit: systemAccount.describe('The account that the money comes from'),
  credit: systemAccount.describe('The account that the money goes to'),
  amount: positiveMoney,
});

export const clearingOperations = {
  postClearing: operation({
    method: 'POST',
    path: '/wallet/clearing',
    title: 'Post clearing transfers',
    description:
      'Posts linked transfers between the platform’s own accounts, all or none: what a card payment, cash, a fee or a chargeback moved outside of wallets. Once for each reference: a repeat returns the first transfers and posts nothing.',
    access: { scope: 'wallet:write' },
    input: z.object({
      reference: reference.describe('The movement that these transfers stand for, for example a capture’s id'),
      transfers: z
        .array(posting)
        .min(1)
        .max(20)
        .refine(
          (all) => all.every(({ debit, credit }) => debit !== credit),
          'debit and credit must name different accounts',
        )
        .describe('1 to 20 transfers, posted together'),
    }),
    output: z.object({ linkedId: z.string(), transfers: z.array(transfer) }),
    successStatus: 201,
    errors: { REFERENCE_USED: { ...referenceUsed, title: 'Clearing reference already used' } },
  }),
};
