import {
  DAY,
  dayOf,
  factsInSight,
  fraudsKnownAt,
  HOUR,
  LABEL_DELAY_DAYS,
  SHOP_DAYS,
  sightingsInSight,
  type Fact,
  type FactKind,
  type History,
  type Label,
  type OrderFacts,
  type ShopDay,
  type Sighting,
} from './history.ts';

/** What the model sees of an order. Null: not known. */
export interface Features {
  guest: boolean | null;
  payOnDelivery: boolean | null;
  largestQuantity: number | null;
  countryDiffersFromBilling: boolean | null;
  accountAgeHours: number | null;
  contactVerified: boolean | null;
  ordersLastHour: number | null;
  ordersLastDay: number | null;
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
  ordersLastHour: null,
  ordersLastDay: null,
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
} as const satisfies Partial<Features>;

/**
 * The one definition of the features, for live orders and for data sets: the order as of the moment it was placed. It looks at nothing that happened
 * later, so that it answers the same from any history that holds at least what had happened, in any order. Without a history (undefined) all but
 * the order's own facts is unknown, and without the order everything.
 */
export const featuresOf = (order: OrderFacts | undefined, history: History | undefined): Features => {
  const own = order ? ownFeatures(order) : NOTHING_OF_ORDER;
  if (!order || !history)
    return { ...own, ...NOTHING_OF_CUSTOMER, amountToShopMean: null, linkedCustomers: null, entityRisk: null };
  const labels = fraudsKnownAt(history.labels, order.placedAt);
  const sightings = sightingsInSight(history.sightings, order);
  return {
    ...own,
    ...(order.customerId === null
      ? NOTHING_OF_CUSTOMER
      : customerFeatures(order, factsInSight(history.facts, order), labels)),
    amountToShopMean: amountToShopMean(order, history.shopDays),
    linkedCustomers: linkedCustomers(order, sightings),
    entityRisk: entityRisk(order, sightings, labels),
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
    ordersLastHour: since('order_placed', HOUR),
    ordersLastDay: since('order_placed', DAY),
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
  };
};

const differs = (one: string | null, other: string | null): boolean | null =>
  one === null || other === null ? null : one !== other;

/** Where the customer lives, by the latest word about it. */
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

/** Against the shop's mean order of the complete days before: complete, so that it does not depend on what came first within a day. */
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

/** For how long orders of different customers through one thing are taken together; terminals serve everybody. */
const LINK_DAYS = { device: 7, email: 7, ip: 1, terminal: 0 } as const satisfies Record<Sighting['entity'], number>;

const grouped = (sightings: readonly Sighting[]): Sighting[][] => [
  ...Map.groupBy(sightings, ({ entity, hash }) => `${entity} ${hash}`).values(),
];

/** The most other customers that were seen on one of the order's devices or addresses. Null when none of these is known. */
const linkedCustomers = (order: OrderFacts, sightings: readonly Sighting[]): number | null => {
  if (sightings.length === 0) return null;
  const others = grouped(sightings).map(
    (group) =>
      new Set(
        group
          .filter(({ entity, at }) => at >= order.placedAt - LINK_DAYS[entity] * DAY)
          .map(({ customerId }) => customerId)
          .filter((customerId) => customerId !== null && customerId !== order.customerId),
      ).size,
  );
  return Math.max(...others);
};

/** A thing seen for the first time has the share of fraud that things usually have; it takes about ten orders to say otherwise. */
const USUAL_RISK = 0.005;
const USUAL_WEIGHT = 10;

/** The highest share of fraud among the order's devices, addresses or terminals, of orders whose outcome had time to become known. */
const entityRisk = (
  order: OrderFacts,
  sightings: readonly Sighting[],
  labels: ReadonlyMap<string, Label>,
): number | null => {
  if (sightings.length === 0) return null;
  const settledBefore = order.placedAt - LABEL_DELAY_DAYS * DAY;
  const risks = grouped(sightings).map((group) => {
    const settled = group.filter(({ at, orderId }) => at < settledBefore || labels.has(orderId));
    const frauds = settled.filter(({ orderId }) => labels.get(orderId)?.label === 'fraud').length;
    return (frauds + USUAL_RISK * USUAL_WEIGHT) / (settled.length + USUAL_WEIGHT);
  });
  return Math.max(...risks);
};
