/**
 * Which inputs are chosen from a list. An input is found by its name, with the domain in front where two domains use one name
 * (`wallet.transferId`). Build time only: a node keeps the plain pickers that its form uses.
 */
import { fraudContract } from '../../ai/fraud/contract.ts';
import { catalogContract } from '../../microservices/catalog/contract.ts';
import { pathOf, type Contract } from '../../microservices/chassis/contract/index.ts';
import { eventsContract } from '../../microservices/events/contract.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { inputSchema } from './json-schema.ts';
import type { Picker } from '../run/route.ts';

export interface PickerChoice {
  /** "Order": the label of the input. */
  title: string;
  /** The search method's name: searchOrders. */
  method: string;
  picker: Picker;
}

const from = <C extends Contract>(
  contract: C,
  title: string,
  method: string,
  list: keyof C['operations'] & string,
  shows: { label: string[]; value?: string; search?: string; within?: string },
): PickerChoice => {
  const declared = contract.operations[list];
  if (!declared) throw new Error(`The contract of ${contract.domain} declares no operation ${list}`);
  const search = shows.search ?? ('search' in (inputSchema(declared).properties ?? {}) ? 'search' : undefined);
  return {
    title,
    method,
    picker: {
      path: pathOf(contract, declared),
      ...(search && { search }),
      value: shows.value ?? 'id',
      label: shows.label,
      ...(shows.within && { within: shows.within }),
    },
  };
};

const customer = from(customersContract, 'Customer', 'searchCustomers', 'listCustomers', { label: ['name', 'email'] });
const location = from(inventoryContract, 'Location', 'searchLocations', 'listLocations', { label: ['name', 'code'] });
const sku = from(inventoryContract, 'SKU', 'searchItems', 'listItems', { value: 'sku', label: ['sku', 'name'] });

const choices: Record<string, PickerChoice> = {
  customerId: customer,
  fromCustomerId: { ...customer, title: 'From Customer' },
  'wallet.ownerId': { ...customer, title: 'Owner' },
  fromOwnerId: { ...customer, title: 'From Owner' },
  toOwnerId: { ...customer, title: 'To Owner' },
  addressId: from(customersContract, 'Address', 'searchAddresses', 'listAddresses', {
    label: ['label', 'line1', 'city'],
    within: 'customerId',
  }),
  sessionId: from(customersContract, 'Session', 'searchSessions', 'listSessions', {
    label: ['device', 'startedAt'],
    within: 'customerId',
  }),
  keyId: from(customersContract, 'API Key', 'searchApiKeys', 'listApiKeys', { label: ['name', 'hint'] }),
  productId: from(catalogContract, 'Product', 'searchProducts', 'listProducts', { label: ['title', 'slug'] }),
  variantId: from(catalogContract, 'Variant', 'searchVariants', 'listVariants', {
    label: ['sku', 'title'],
    search: 'skuPrefix',
  }),
  categoryId: from(catalogContract, 'Category', 'searchCategories', 'listCategories', { label: ['title', 'slug'] }),
  parentId: from(catalogContract, 'Parent Category', 'searchCategories', 'listCategories', {
    label: ['title', 'slug'],
  }),
  priceListId: from(catalogContract, 'Price List', 'searchPriceLists', 'listPriceLists', { label: ['title', 'code'] }),
  priceId: from(catalogContract, 'Price', 'searchPrices', 'listPrices', {
    label: ['sku', 'minQuantity'],
    search: 'skuPrefix',
    within: 'priceListId',
  }),
  importId: from(catalogContract, 'Import', 'searchImports', 'listImports', { label: ['startedAt', 'state'] }),
  'catalog.sku': from(catalogContract, 'SKU', 'searchSkus', 'listVariants', {
    value: 'sku',
    label: ['sku', 'title'],
    search: 'skuPrefix',
  }),
  sku,
  locationId: location,
  fromLocationId: { ...location, title: 'From Location' },
  toLocationId: { ...location, title: 'To Location' },
  deliveryId: from(inventoryContract, 'Delivery', 'searchDeliveries', 'listDeliveries', {
    label: ['sku', 'quantity', 'reference'],
  }),
  'inventory.transferId': from(inventoryContract, 'Transfer', 'searchTransfers', 'listTransfers', {
    label: ['reference', 'state', 'createdAt'],
  }),
  reservationId: from(inventoryContract, 'Reservation', 'searchReservations', 'listReservations', {
    label: ['ownerId', 'state'],
  }),
  cartId: from(ordersContract, 'Cart', 'searchCarts', 'listCarts', { label: ['email', 'state', 'createdAt'] }),
  orderId: from(ordersContract, 'Order', 'searchOrders', 'listOrders', { label: ['number', 'email', 'state'] }),
  promotionId: from(ordersContract, 'Promotion', 'searchPromotions', 'listPromotions', { label: ['code', 'title'] }),
  'wallet.transferId': from(walletContract, 'Transfer', 'searchTransfers', 'listTransfers', {
    label: ['kind', 'reference', 'at'],
  }),
  holdId: from(walletContract, 'Hold', 'searchHolds', 'listHolds', { label: ['reference', 'state'] }),
  accountId: from(walletContract, 'Account', 'searchAccounts', 'listAccounts', { label: ['ownerId', 'currency'] }),
  notificationId: from(notificationsContract, 'Notification', 'searchNotifications', 'listNotifications', {
    label: ['subject', 'state'],
  }),
  scoreId: from(fraudContract, 'Score', 'searchScores', 'listScores', { label: ['orderId', 'decision', 'scoredAt'] }),
  reviewId: from(fraudContract, 'Review', 'searchReviews', 'listReviews', { label: ['orderId', 'state', 'openedAt'] }),
  subscriptionId: from(eventsContract, 'Subscription', 'searchSubscriptions', 'listSubscriptions', {
    label: ['url', 'externalId', 'state'],
  }),
  'events.type': from(eventsContract, 'Event Type', 'searchEventTypes', 'listEventTypes', {
    value: 'type',
    label: ['title', 'type'],
  }),
  template: from(notificationsContract, 'Template', 'searchTemplates', 'listTemplates', {
    value: 'template',
    label: ['title', 'template'],
  }),
};

/** The list an input is chosen from, if there is one. */
export const pickerOf = (domain: string, input: string): PickerChoice | undefined =>
  choices[`${domain}.${input}`] ?? choices[input];
