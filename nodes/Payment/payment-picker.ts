import { paymentsContract } from '../../microservices/payments/contract.ts';
import { pickerFrom } from '../form/pickers.ts';

/** A payment, also as the nodes of other domains choose it. */
export const payment = pickerFrom(paymentsContract, 'Payment', 'searchPayments', 'listPayments', {
  label: ['orderId', 'state', 'createdAt'],
});
