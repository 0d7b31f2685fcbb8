import { z } from 'zod';
import { choices, id, money, operation, page, pageQuery, timestamp } from '../../chassis/contract/index.ts';

export const reconciliationId = id('rcn');

export const difference = z
  .object({
    kind: choices({
      not_at_provider: 'We have the movement, the provider’s report does not',
      not_here: 'The provider’s report has the movement, we do not',
      amount: 'Both have it with different amounts',
    }).describe('What differs'),
    reference: z.string().describe('The movement’s id here, or the line’s id in the report'),
    here: money.nullable(),
    atProvider: money.nullable(),
  })
  .meta({ id: 'ReconciliationDifference', title: 'Difference' });
export type Difference = z.infer<typeof difference>;

export const reconciliation = z
  .object({
    id: reconciliationId,
    provider: z.string(),
    from: timestamp,
    to: timestamp,
    lines: z.int().describe('Lines in the provider’s report'),
    matched: z.int().describe('Lines that agree with a movement here'),
    fees: z.array(money).describe('The provider’s fees, one amount for each currency'),
    differences: z.array(difference).describe('At most 1,000'),
    createdAt: timestamp,
  })
  .meta({ id: 'Reconciliation', title: 'Reconciliation' });

export const reconciliationOperations = {
  reconcilePayments: operation({
    method: 'POST',
    path: '/payments/reconciliations',
    title: 'Reconcile payments',
    description:
      'Compares the payment provider’s report of a period with the movements here, line by line, lists every difference, and books fees and settlements in another currency, once for each line.',
    access: { scope: 'payments:write' },
    cannotRehearse: 'it asks a payment provider.',
    input: z
      .object({
        from: timestamp.describe('Not before this moment'),
        to: timestamp.describe('Before this moment; some minutes ago, so that nothing is on its way'),
      })
      .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { error: 'from is before to', path: ['to'] }),
    output: reconciliation,
    successStatus: 201,
  }),
  listReconciliations: operation({
    method: 'GET',
    path: '/payments/reconciliations',
    title: 'List reconciliations',
    description: 'Reconciliations with their differences, newest first.',
    access: { scope: 'payments:read' },
    input: z.object({ ...pageQuery }),
    output: page(reconciliation),
  }),
};
