import { ordersContract } from '../../microservices/orders/contract.ts';
import { defineFace } from '../form/face.ts';
import { orderPickers } from './pickers.ts';

export const orderFace = defineFace(ordersContract, {
  pickers: orderPickers,
  resources: {
    order: {
      operations: {
        get: 'getOrder',
        getMany: { calls: 'listOrders', action: 'Get many orders' },
        count: { calls: 'countOrders', action: 'Count orders' },
        getFacts: { calls: 'getCustomerFacts', name: 'Get Customer Facts', action: 'Get order facts of customer' },
        getTimeline: 'getTimeline',
        place: { calls: 'placeOrder' },
        approve: { calls: 'approveOrder', prominent: ['reason'] },
        holdForReview: 'holdOrderForReview',
        reject: 'rejectOrder',
        confirm: { calls: 'confirmOrder', prominent: ['reservationId', 'holdId'] },
        cancel: 'cancelOrder',
        cancelRest: { calls: 'cancelRest', action: 'Cancel rest of order' },
        close: 'closeOrder',
        addNote: { calls: 'addOrderNote', action: 'Add note to order' },
        ship: 'shipOrder',
        setTracking: { calls: 'setTracking', action: 'Set tracking of shipment' },
        markDelivered: { calls: 'deliverOrder', action: 'Mark order delivered' },
        refund: { calls: 'refundOrder', action: 'Refund order' },
        claim: { calls: 'claimOrders', name: 'Claim Guest Orders', action: 'Claim guest orders for customer' },
        link: { calls: 'linkOrder', name: 'Link to Customer', action: 'Link guest order to customer' },
        export: { calls: 'exportOrders', action: 'Export orders of person', prominent: ['customerId', 'email'] },
        audit: { calls: 'auditOrders' },
      },
    },
    cart: {
      operations: {
        get: 'getCart',
        getMany: { calls: 'listCarts', action: 'Get many carts' },
        create: { calls: 'createCart', prominent: ['customerId', 'lines'] },
        update: 'updateCart',
        addLine: { calls: 'addCartLine', name: 'Add Line', action: 'Add line to cart', prominent: ['quantity'] },
        setLines: 'setCartLines',
        changeQuantity: { calls: 'updateCartLine', action: 'Change quantity of cart line' },
        removeLine: { calls: 'removeCartLine', action: 'Remove line from cart' },
        applyCoupon: { calls: 'applyCoupon', action: 'Apply coupon to cart' },
        removeCoupon: { calls: 'removeCoupon', action: 'Remove coupon from cart' },
        refreshPrices: { calls: 'refreshCart', action: 'Refresh prices of cart' },
        merge: 'mergeCart',
        reportAbandoned: { calls: 'abandonCart', name: 'Report Abandoned', action: 'Report cart abandoned' },
      },
    },
    quote: {
      operations: {
        create: { calls: 'createQuote', action: 'Create quote', prominent: ['cartId'] },
        get: 'getQuote',
      },
    },
    promotion: {
      operations: {
        get: 'getPromotion',
        getMany: { calls: 'listPromotions', action: 'Get many promotions' },
        create: { calls: 'createPromotion' },
        update: 'updatePromotion',
        delete: 'deletePromotion',
      },
    },
    shippingMethod: {
      operations: {
        getMany: { calls: 'listShippingMethods', action: 'Get many shipping methods' },
        upsert: {
          calls: 'setShippingMethod',
          name: 'Create or Update',
          action: 'Create or update shipping method',
        },
        delete: 'deleteShippingMethod',
      },
    },
    taxRate: {
      operations: {
        getMany: { calls: 'listTaxRates', action: 'Get many tax rates' },
        upsert: { calls: 'setTaxRate', name: 'Create or Update', action: 'Create or update tax rate' },
        delete: 'deleteTaxRate',
      },
    },
  },
  notOnCanvas: {
    quoteOffer: 'Services that run campaigns price their own offers.',
    placeOffer: 'Services that run campaigns hold money and stock before they place an order.',
    listRetainedInvoices:
      'Names and addresses of erased persons are for bookkeeping, and n8n would keep them in its executions.',
  },
  hidden: { secret: 'It is how a guest shows an order that is theirs; a key may see every order.' },
});
