import { entityRisk, linkedCustomers } from './features/entities.ts';
import {
  DAY,
  dayOf,
  factsInSight,
  labelsKnownAt,
  HOUR,
  SHOP_DAYS,
  sightingsInSight,
  type Fact,
  type FactKind,
  type History,
  type Label,
  type OrderFacts,
  type ShopDay,
} from './features/history.ts';
import { customerWindows, entityWindows, NO_CUSTOMER_WINDOWS, NO_ENTITY_WINDOWS } from './features/windows.ts';

/** The model's inputs. Null: not known. */
export interface Features {
  guest: boolean | null;
  payOnDelivery: boolean | null;
  largestQuantity: number | null;
  countryDiffersFromBilling: boolean | null;
  accountAgeHours: number | null;
  contactVerified: boolean | null;
  /** Orders in the hour before, above the customer's habit (see aboveUsual). */
  ordersLastHourAboveUsual: number | null;
  ordersLastDayAboveUsual: number | null;
  deliveredOrders: number | null;
  rejectedOrders: number | null;
  refundedOrders: number | null;
  paymentFailuresLastDay: number | null;
  topUpsLastDay: number | null;
  takeoverSignsLastWeek: number | null;
  customerFrauds: number | null;
  newCountry: boolean | null;
  countryDiffersFromAccount: boolean | null;
  amountToOwnMean: number | null;
  amountToShopMean: number | null;
  linkedCustomers: number | null;
  entityRisk: number | null;
  /** From here on for the learned model (features/windows.ts). */
  earlierOrders: number | null;
  amountToOwnMedian: number | null;
  /** In standard deviations of the customer's amounts. */
  amountDeviation: number | null;
  largeOrdersLastWeek: number | null;
  largeOrdersLastFortnight: number | null;
  hoursSinceOwnFraud: number | null;
  entityOrders: number | null;
  entityFraudsLastDay: number | null;
  entityFraudsLastWeek: number | null;
  entityFraudsLastMonth: number | null;
  entityFraudRun: number | null;
  entityFraudRunHours: number | null;
  hoursSinceEntityFraud: number | null;
}

const NOTHING_OF_ORDER = {
  guest: null,
  payOnDelivery: null,
  largestQuantity: null,
  countryDiffersFromBilling: null,
} as const satisfies Partial<Features>;

const ownFeatures = (order: OrderFacts) => ({
  guest: order.customerId === null,
  payOnDelivery: order.paymentMethod === null ? null : order.paymentMethod === 'cash_on_delivery',
  largestQuantity: order.largestQuantity,
  countryDiffersFromBilling: differs(order.shippingCountry, order.billingCountry),
});

const NOTHING_OF_CUSTOMER = {
  accountAgeHours: null,
  contactVerified: null,
  ordersLastHourAboveUsual: null,
  ordersLastDayAboveUsual: null,
  deliveredOrders: null,
  rejectedOrders: null,
  refundedOrders: null,
  paymentFailuresLastDay: null,
  topUpsLastDay: null,
  takeoverSignsLastWeek: null,
  customerFrauds: null,
  newCountry: null,
  countryDiffersFromAccount: null,
  amountToOwnMean: null,
  ...NO_CUSTOMER_WINDOWS,
} as const satisfies Partial<Features>;

const NOTHING_OF_SHOP = {
  amountToShopMean: null,
  linkedCustomers: null,
  entityRisk: null,
  ...NO_ENTITY_WINDOWS,
} as const satisfies Partial<Features>;

/**
 * The one definition of the features, for live orders and for data sets: the order as of the moment it was placed.
 * Later facts are ignored, so any history that holds at least the earlier facts, in any order, gives the same features.
 * Without a history (undefined) only the order's own facts are known, and without the order nothing.
 */
export const featuresOf = (order: OrderFacts | undefined, history: History | undefined): Features => {
  const own = order ? ownFeatures(order) : NOTHING_OF_ORDER;
  if (!order || !history) return { ...own, ...NOTHING_OF_CUSTOMER, ...NOTHING_OF_SHOP };
  const labels = labelsKnownAt(history.labels, order.placedAt);
  const sightings = sightingsInSight(history.sightings, order);
  return {
    ...own,
    ...(order.customerId === null
      ? NOTHING_OF_CUSTOMER
      : customerFeatures(order, factsInSight(history.facts, order), labels)),
    amountToShopMean: amountToShopMean(order, history.shopDays),
    linkedCustomers: linkedCustomers(order, sightings),
    entityRisk: entityRisk(order, sightings, labels),
    ...entityWindows(order, sightings, labels),
  };
};

const customerFeatures = (order: OrderFacts, facts: readonly Fact[], labels: ReadonlyMap<string, Label>) => {
  const since = (kind: FactKind, milliseconds: number): number =>
    facts.filter((fact) => fact.kind === kind && fact.at >= order.placedAt - milliseconds).length;
  const ordersThatWere = (kind: FactKind): number =>
    new Set(facts.filter((fact) => fact.kind === kind).map(({ orderId }) => orderId)).size;
  const registeredAt = Math.min(...facts.filter(({ kind }) => kind === 'registered').map(({ at }) => at));
  const placed = facts.filter(({ kind }) => kind === 'order_placed');
  return {
    accountAgeHours: Number.isFinite(registeredAt) ? (order.placedAt - registeredAt) / HOUR : null,
    contactVerified: Number.isFinite(registeredAt) ? facts.some(({ kind }) => kind === 'verified') : null,
    ordersLastHourAboveUsual: aboveUsual(order, placed, HOUR),
    ordersLastDayAboveUsual: aboveUsual(order, placed, DAY),
    deliveredOrders: ordersThatWere('order_delivered'),
    rejectedOrders: ordersThatWere('order_rejected'),
    refundedOrders: ordersThatWere('order_refunded'),
    paymentFailuresLastDay: since('payment_failed', DAY),
    topUpsLastDay: since('topped_up', DAY),
    takeoverSignsLastWeek: since('password_reset', 7 * DAY) + since('token_reused', 7 * DAY),
    customerFrauds: placed.filter(({ orderId }) => orderId !== null && labels.get(orderId)?.label === 'fraud').length,
    newCountry: isNewCountry(order, placed),
    countryDiffersFromAccount: differs(order.shippingCountry, accountCountry(facts)),
    amountToOwnMean: amountToOwnMean(order, placed),
    ...customerWindows(order, placed, labels),
  };
};

/** A customer's habit is taken from so many days before the last one. */
const HABIT_DAYS = 30;

/**
 * How many orders the last so many milliseconds hold above what this customer usually places, in about standard
 * deviations of a count: (n − usual) / √(usual + 1). For a customer who rarely buys that is the plain number; for one
 * who buys every hour, one more order is nearly 0.
 */
const aboveUsual = (order: OrderFacts, placed: readonly Fact[], milliseconds: number): number => {
  const yesterday = order.placedAt - DAY;
  const habit = placed.filter(({ at }) => at < yesterday && at >= yesterday - HABIT_DAYS * DAY).length;
  const usual = (habit * milliseconds) / (HABIT_DAYS * DAY);
  const recent = placed.filter(({ at }) => at >= order.placedAt - milliseconds).length;
  return (recent - usual) / Math.sqrt(usual + 1);
};

const differs = (one: string | null, other: string | null): boolean | null =>
  one === null || other === null ? null : one !== other;

/** The customer's country by the latest fact about it. */
const accountCountry = (facts: readonly Fact[]): string | null => {
  let latest: Fact | undefined;
  for (const fact of facts) {
    if ((fact.kind !== 'registered' && fact.kind !== 'profile_changed') || fact.country === null) continue;
    if (!latest || fact.at > latest.at || (fact.at === latest.at && fact.id > latest.id)) latest = fact;
  }
  return latest?.country ?? null;
};

const isNewCountry = (order: OrderFacts, placed: readonly Fact[]): boolean | null => {
  const shippedTo = placed.filter(({ country }) => country !== null);
  if (order.shippingCountry === null || shippedTo.length === 0) return null;
  return shippedTo.every(({ country }) => country !== order.shippingCountry);
};

/** Fewer orders than this have no mean worth comparing with. */
const LEAST_OWN_ORDERS = 3;
const LEAST_SHOP_ORDERS = 30;

const amountToOwnMean = (order: OrderFacts, placed: readonly Fact[]): number | null => {
  const amounts = placed.filter(({ currency }) => currency === order.currency).map(({ amount }) => amount ?? 0);
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  return amounts.length < LEAST_OWN_ORDERS || total === 0 ? null : order.amount / (total / amounts.length);
};

/**
 * Against the shop's mean order of the complete days before: complete, so that it does not depend on what came first
 * within a day.
 */
const amountToShopMean = (order: OrderFacts, shopDays: readonly ShopDay[]): number | null => {
  const today = dayOf(order.placedAt);
  let orders = 0;
  let amount = 0;
  for (const day of shopDays) {
    if (day.currency !== order.currency || day.day >= today || day.day < today - SHOP_DAYS) continue;
    orders += day.orders;
    amount += day.amount;
  }
  return orders < LEAST_SHOP_ORDERS || amount === 0 ? null : order.amount / (amount / orders);
};
