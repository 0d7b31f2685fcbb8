/** Facts about orders and customers with their moments, in milliseconds since 1970, UTC. */

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Older facts are ignored, except registrations. */
export const HISTORY_DAYS = 180;
/** Of longer histories the newest so many facts count: a bound on work, not on people. */
export const MOST_FACTS = 2_000;
/** An order without a label for this long is settled: it counts as honest in shares of fraud. */
export const LABEL_DELAY_DAYS = 7;
/** Complete days that the shop's typical amount is taken from. */
export const SHOP_DAYS = 30;

export type FactKind =
  | 'order_placed'
  | 'order_rejected'
  | 'order_cancelled'
  | 'order_delivered'
  | 'order_refunded'
  | 'registered'
  | 'profile_changed'
  | 'verified'
  | 'password_reset'
  | 'token_reused'
  | 'payment_failed'
  | 'topped_up';

export interface Fact {
  /** The event's id: breaks ties of time, so that the newest facts are the same ones wherever they are sorted. */
  id: string;
  kind: FactKind;
  at: number;
  orderId: string | null;
  /** Minor units. */
  amount: number | null;
  currency: string | null;
  /** Where an order goes, or a customer lives. */
  country: string | null;
}

/** A device, an IP address or an e-mail address (as keyed hashes), or a card terminal, that an order came through. */
export interface Sighting {
  entity: 'device' | 'ip' | 'email' | 'terminal';
  hash: string;
  at: number;
  orderId: string;
  customerId: string | null;
}

export interface Label {
  orderId: string;
  label: 'fraud' | 'legitimate';
  /** When it became known. */
  at: number;
}

/** How many orders were placed in one currency on one UTC day, and their amounts' sum. */
export interface ShopDay {
  currency: string;
  /** Days since 1970-01-01. */
  day: number;
  orders: number;
  amount: number;
}

/** The order that is scored. */
export interface OrderFacts {
  orderId: string;
  customerId: string | null;
  amount: number;
  currency: string;
  shippingCountry: string | null;
  billingCountry: string | null;
  paymentMethod: string | null;
  largestQuantity: number | null;
  placedAt: number;
}

/**
 * The history of a customer, of an order's entities and of the shop. It may hold more (later facts, other entities):
 * features take their part.
 */
export interface History {
  facts: readonly Fact[];
  sightings: readonly Sighting[];
  labels: readonly Label[];
  shopDays: readonly ShopDay[];
}

export const dayOf = (at: number): number => Math.floor(at / DAY);

/** Orders counted by currency and day. */
export const shopDaysOf = (orders: readonly { at: number; currency: string; amount: number }[]): ShopDay[] =>
  [...Map.groupBy(orders, ({ at, currency }) => `${currency} ${dayOf(at)}`).values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const amount = group.reduce((sum, order) => sum + order.amount, 0);
    return [{ currency: first.currency, day: dayOf(first.at), orders: group.length, amount }];
  });

const isRegistration = ({ kind }: Fact): boolean => kind === 'registered';

/**
 * The facts that count for an order: before it, about other orders, within the horizon, the newest MOST_FACTS of them.
 */
export const factsInSight = (facts: readonly Fact[], order: OrderFacts): Fact[] => {
  const oldest = order.placedAt - HISTORY_DAYS * DAY;
  const seen = facts.filter(
    (fact) => fact.at < order.placedAt && fact.orderId !== order.orderId && (fact.at >= oldest || isRegistration(fact)),
  );
  if (seen.length <= MOST_FACTS) return seen;
  return [
    ...seen.filter(isRegistration),
    ...newest(
      seen.filter((fact) => !isRegistration(fact)),
      ({ id }) => id,
    ),
  ];
};

/** Sightings before the order, within the horizon, the newest MOST_FACTS of them. */
export const sightingsInSight = (sightings: readonly Sighting[], order: OrderFacts): Sighting[] => {
  const oldest = order.placedAt - HISTORY_DAYS * DAY;
  return newest(
    sightings.filter(({ at, orderId }) => at < order.placedAt && at >= oldest && orderId !== order.orderId),
    ({ orderId, entity }) => orderId + entity,
  );
};

const newest = <Item extends { at: number }>(items: Item[], tie: (item: Item) => string): Item[] =>
  items.length <= MOST_FACTS
    ? items
    : items.toSorted((left, right) => right.at - left.at || (tie(left) < tie(right) ? 1 : -1)).slice(0, MOST_FACTS);

/** By order, the latest label before `at`. */
export const labelsKnownAt = (labels: readonly Label[], at: number): Map<string, Label> => {
  const latest = new Map<string, Label>();
  for (const label of labels) {
    const before = latest.get(label.orderId);
    if (label.at < at && (!before || label.at > before.at)) latest.set(label.orderId, label);
  }
  return latest;
};
