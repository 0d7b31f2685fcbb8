import { ordersContract } from '../../microservices/orders/contract.ts';
import { customer } from '../Customer/pickers.ts';
import { inventoryPickers } from '../Inventory/pickers.ts';
import { payment } from '../Payment/payment-picker.ts';
import { pickerFrom, type Pickers } from '../form/pickers.ts';
import { walletPickers } from '../Wallet/pickers.ts';

/** The inputs of this node that are chosen from a list. */
export const orderPickers = {
  customerId: customer,
  sku: inventoryPickers.sku,
  locationId: inventoryPickers.locationId,
  reservationId: inventoryPickers.reservationId,
  holdId: walletPickers.holdId,
  paymentId: payment,
  cartId: pickerFrom(ordersContract, 'Cart', 'searchCarts', 'listCarts', { label: ['email', 'state', 'createdAt'] }),
  orderId: pickerFrom(ordersContract, 'Order', 'searchOrders', 'listOrders', { label: ['number', 'email', 'state'] }),
  promotionId: pickerFrom(ordersContract, 'Promotion', 'searchPromotions', 'listPromotions', {
    label: ['code', 'title'],
  }),
} satisfies Pickers;
