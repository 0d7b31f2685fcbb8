import { paymentsContract } from '../../microservices/payments/contract.ts';
import { customer } from '../Customer/pickers.ts';
import { orderPickers } from '../Order/pickers.ts';
import { payment } from './payment-picker.ts';
import { pickerFrom, type Pickers } from '../form/pickers.ts';

/** The inputs of this node that are chosen from a list. */
export const paymentsPickers = {
  customerId: customer,
  orderId: orderPickers.orderId,
  cartId: orderPickers.cartId,
  paymentId: payment,
  disputeId: pickerFrom(paymentsContract, 'Dispute', 'searchDisputes', 'listDisputes', {
    label: ['reason', 'state', 'openedAt'],
  }),
} satisfies Pickers;
