import type { Features } from '../features.ts';

/**
 * Of 100 frauds and of 100 honest orders, how many lie in a range of a feature that begins at `from` (null: below all
 * others; no is 0, yes is 1). These shares are expert judgement; MODEL.md gives their sources and how well they hold.
 * Each characteristic's shares sum to 100.
 */
export interface Range {
  from: number | null;
  frauds: number;
  honest: number;
}

export interface Characteristic {
  code: string;
  title: string;
  feature: keyof Features;
  ranges: readonly Range[];
  /** The value in words. */
  detail: (value: number) => string;
}

const range = (from: number | null, frauds: number, honest: number): Range => ({ from, frauds, honest });
const yesNo = (frauds: number, honest: number): Range[] => [
  range(null, 100 - frauds, 100 - honest),
  range(1, frauds, honest),
];
const count =
  (one: string, many: string) =>
  (value: number): string =>
    `${value} ${value === 1 ? one : many}`;
const either = (yes: string, no: string) => (value: number) => (value === 1 ? yes : no);
const above = (period: string) => (value: number) =>
  `orders in the ${period} before: ${value.toFixed(1)} standard deviations above the customer’s habit`;
const times = (what: string) => (value: number) => `${value.toFixed(1)} times ${what}`;

const HOURS_A_DAY = 24;
const age = (hours: number): string =>
  hours < HOURS_A_DAY
    ? `the account is ${Math.floor(hours)} hours old`
    : `the account is ${Math.floor(hours / HOURS_A_DAY)} days old`;

export const SCORECARD: readonly Characteristic[] = [
  {
    code: 'GUEST',
    title: 'Customer without account',
    feature: 'guest',
    ranges: yesNo(35, 25),
    detail: either('bought as a guest', 'bought with a customer record'),
  },
  {
    code: 'ACCOUNT_AGE',
    title: 'Age of the account',
    feature: 'accountAgeHours',
    ranges: [range(null, 20, 4), range(1, 20, 6), range(24, 25, 25), range(720, 35, 65)],
    detail: age,
  },
  {
    code: 'CONTACT_VERIFIED',
    title: 'Verified contact',
    feature: 'contactVerified',
    ranges: yesNo(40, 60),
    detail: either('e-mail address or phone is verified', 'neither e-mail address nor phone is verified'),
  },
  {
    code: 'ORDERS_LAST_HOUR',
    title: 'Orders within an hour',
    feature: 'ordersLastHourAboveUsual',
    ranges: [range(null, 80, 97), range(1, 10, 2.5), range(2, 5, 0.4), range(5, 5, 0.1)],
    detail: above('hour'),
  },
  {
    code: 'ORDERS_LAST_DAY',
    title: 'Orders within a day',
    feature: 'ordersLastDayAboveUsual',
    ranges: [range(null, 85, 97.5), range(3, 8, 2), range(6, 7, 0.5)],
    detail: above('24 hours'),
  },
  {
    code: 'DELIVERED_ORDERS',
    title: 'Orders that arrived',
    feature: 'deliveredOrders',
    ranges: [range(null, 80, 45), range(1, 12, 25), range(5, 8, 30)],
    detail: count('earlier order was delivered', 'earlier orders were delivered'),
  },
  {
    code: 'REJECTED_ORDERS',
    title: 'Orders rejected before',
    feature: 'rejectedOrders',
    ranges: [range(null, 85, 99), range(1, 15, 1)],
    detail: count('earlier order was rejected', 'earlier orders were rejected'),
  },
  {
    code: 'REFUNDED_ORDERS',
    title: 'Orders refunded before',
    feature: 'refundedOrders',
    ranges: [range(null, 92, 98), range(3, 8, 2)],
    detail: count('earlier order was refunded', 'earlier orders were refunded'),
  },
  {
    code: 'PAYMENT_FAILURES',
    title: 'Failed payments within a day',
    feature: 'paymentFailuresLastDay',
    ranges: [range(null, 80, 97), range(1, 10, 2.5), range(3, 10, 0.5)],
    detail: count('payment failed in the 24 hours before', 'payments failed in the 24 hours before'),
  },
  {
    code: 'TOP_UPS',
    title: 'Wallet top-ups within a day',
    feature: 'topUpsLastDay',
    ranges: [range(null, 92, 99), range(3, 8, 1)],
    detail: count('top-up in the 24 hours before', 'top-ups in the 24 hours before'),
  },
  {
    code: 'TAKEOVER_SIGNS',
    title: 'Signs of a stolen account',
    feature: 'takeoverSignsLastWeek',
    ranges: [range(null, 90, 99), range(1, 10, 1)],
    detail: count(
      'password reset or copied session in the week before',
      'password resets or copied sessions in the week before',
    ),
  },
  {
    code: 'CUSTOMER_FRAUDS',
    title: 'Frauds by the customer',
    feature: 'customerFrauds',
    ranges: [range(null, 85, 99.8), range(1, 8, 0.15), range(2, 7, 0.05)],
    detail: count('earlier order turned out to be fraud', 'earlier orders turned out to be fraud'),
  },
  {
    code: 'AMOUNT_TO_OWN_MEAN',
    title: 'Amount against the customer’s past',
    feature: 'amountToOwnMean',
    ranges: [range(null, 45, 88), range(2, 20, 10), range(4, 20, 1.7), range(8, 15, 0.3)],
    detail: times('the customer’s mean order'),
  },
  {
    code: 'AMOUNT_TO_SHOP_MEAN',
    title: 'Amount against the shop’s orders',
    feature: 'amountToShopMean',
    ranges: [range(null, 60, 90), range(2, 15, 8), range(4, 15, 1.7), range(10, 10, 0.3)],
    detail: times('the shop’s mean order'),
  },
  {
    code: 'NEW_COUNTRY',
    title: 'Ships to a new country',
    feature: 'newCountry',
    ranges: yesNo(25, 5),
    detail: either('never shipped to this country before', 'shipped to this country before'),
  },
  {
    code: 'COUNTRY_NOT_ACCOUNT',
    title: 'Shipping and account country',
    feature: 'countryDiffersFromAccount',
    ranges: yesNo(25, 5),
    detail: either('ships to another country than the account’s', 'ships to the account’s country'),
  },
  {
    code: 'COUNTRY_NOT_BILLING',
    title: 'Shipping and billing country',
    feature: 'countryDiffersFromBilling',
    ranges: yesNo(30, 6),
    detail: either('ships to another country than the billing address', 'ships to the country of the billing address'),
  },
  {
    code: 'LARGE_QUANTITY',
    title: 'Many units of one product',
    feature: 'largestQuantity',
    ranges: [range(null, 92, 97), range(10, 8, 3)],
    detail: count('unit at most of one product', 'units of one product'),
  },
  {
    code: 'PAY_ON_DELIVERY',
    title: 'Paid on delivery',
    feature: 'payOnDelivery',
    ranges: yesNo(30, 25),
    detail: either('pays on delivery', 'pays before delivery'),
  },
  {
    code: 'LINKED_CUSTOMERS',
    title: 'Customers sharing a device or address',
    feature: 'linkedCustomers',
    ranges: [range(null, 75, 95), range(1, 10, 4), range(3, 15, 1)],
    detail: count('other customer on the same device or address', 'other customers on the same device or address'),
  },
  {
    code: 'ENTITY_RISK',
    title: 'Frauds from the device or address',
    feature: 'entityRisk',
    ranges: [range(null, 65, 96), range(0.01, 10, 3), range(0.05, 10, 0.8), range(0.15, 15, 0.2)],
    detail: (value) => `${(100 * value).toFixed(1)} % of orders from the same device or address are fraud`,
  },
];
