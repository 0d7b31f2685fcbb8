import { defineContract, withExamples } from '../chassis/contract/index.ts';
import { disputeOperations } from './contract/disputes.ts';
import { paymentEvents } from './contract/events.ts';
import { paymentExamples } from './contract/examples.ts';
import { paymentOperations } from './contract/payments.ts';
import { reconciliationOperations } from './contract/reconciliations.ts';

/** Payments of orders and carts: by card, from the wallet, in cash, or split over them. */
export const paymentsContract = defineContract({
  domain: 'payments',
  title: 'Payments',
  noun: 'Payment',
  description:
    'Payments of orders and carts by card, wallet or cash, or split over them: held, captured, voided, refunded. Every movement of money is on the ledger, and none happens twice.',
  version: 1,
  personalData: true,
  operations: { ...paymentOperations, ...disputeOperations, ...reconciliationOperations },
  events: withExamples(paymentEvents, paymentExamples),
});
