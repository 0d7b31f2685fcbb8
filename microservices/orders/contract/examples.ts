/** The events of this domain as they might really be. */
import { exampleId } from '../../chassis/contract/index.ts';

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const at = '2026-11-23T10:00:00.000Z';
const order = { orderId: exampleId('ord'), number: '1007', customerId: exampleId('cus') };
const byKey = { ...order, actor: 'key:administrator' };
const quantities = [{ lineId: exampleId('lin'), sku: 'LANTERN-01', quantity: 2 }];
const priced = { lineId: exampleId('lin'), sku: 'LANTERN-01', quantity: 1, amount: euros(2_900) };
const cart = {
  cartId: exampleId('crt'),
  customerId: exampleId('cus'),
  currency: 'EUR',
  lines: [{ sku: 'LANTERN-01', quantity: 2 }],
  subtotal: euros(5_800),
};

export const orderExamples = {
  'cart.updated': { ...cart, change: 'lines' as const },
  'cart.abandoned': { ...cart, hasEmail: true, lastChangedAt: '2026-11-23T09:00:00.000Z' },
  'order.created': {
    ...order,
    currency: 'EUR',
    lines: [
      {
        lineId: exampleId('lin'),
        sku: 'LANTERN-01',
        title: 'Camping lantern',
        quantity: 2,
        unitPrice: euros(2_900),
        total: euros(5_800),
      },
    ],
    totals: {
      items: euros(4_874),
      discount: euros(0),
      shipping: euros(412),
      tax: euros(1_004),
      grandTotal: euros(6_290),
    },
    paymentMethod: 'wallet' as const,
    shippingCountry: 'DE',
    placedAt: at,
  },
  'order.approved': byKey,
  'order.held_for_review': byKey,
  'order.rejected': { ...byKey, from: 'under_review' as const },
  'order.allocated': { ...order, reservationId: exampleId('res'), lines: [{ sku: 'LANTERN-01', quantity: 2 }] },
  'order.paid': { ...order, paymentMethod: 'wallet' as const, amount: euros(6_290) },
  'order.confirmed': {
    ...byKey,
    reservationId: exampleId('res'),
    holdId: exampleId('hld'),
    grandTotal: euros(6_290),
    paymentMethod: 'wallet' as const,
  },
  'order.shipped': {
    ...byKey,
    fulfilmentId: exampleId('ful'),
    lines: quantities,
    complete: true,
  },
  'fulfilment.delivered': { ...byKey, fulfilmentId: exampleId('ful'), lines: quantities },
  'order.delivered': { ...byKey, deliveredAt: '2026-11-25T14:30:00.000Z' },
  'order.cancelled': { ...byKey, from: 'placed' as const },
  'order.rest_cancelled': { ...byKey, lines: [priced] },
  'order.closed': { ...byKey, from: 'delivered' as const, open: [] },
  'order.delivery_late': {
    ...order,
    fulfilmentId: exampleId('ful'),
    promisedBy: '2026-11-25T18:00:00.000Z',
    grandTotal: euros(6_290),
  },
  'order.note_added': { ...byKey, position: 4, visibleToCustomer: false },
  'order.linked': byKey,
  'order.erased': { ...order, customerId: null },
  'customer.inactive': {
    customerId: exampleId('cus'),
    days: 90,
    lastOrderId: exampleId('ord'),
    lastOrderAt: '2026-08-25T10:00:00.000Z',
  },
  'refund.issued': {
    ...byKey,
    refundId: exampleId('ref'),
    holdId: exampleId('hld'),
    amount: euros(2_900),
    creditNote: 'C-1007-1',
    net: euros(2_437),
    taxes: [{ category: 'standard' as const, rate: 1_900, base: euros(2_437), tax: euros(463) }],
    lines: [{ ...priced, unshipped: 0 }],
    shipping: euros(0),
  },
};
