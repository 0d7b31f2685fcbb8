import { DAY, HOUR, LABEL_DELAY_DAYS, type Fact, type Label, type OrderFacts, type Sighting } from './history.ts';

/*
 * Windows for the learned model: the customer's amounts and known frauds, and what is known of the order's devices,
 * addresses or terminals. Labels come late, so windows of labels end LABEL_DELAY_DAYS before the order.
 */

/** Fewer earlier orders than this say nothing of what is usual. */
const LEAST_ORDERS = 3;
/** So many times the customer's median is a large order. */
const LARGE = 2.5;

const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle] ?? 0, sorted[middle] ?? 0];
  return (low + high) / 2;
};

const spreadOf = (values: readonly number[], mean: number): number =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);

const isFraud = (labels: ReadonlyMap<string, Label>, orderId: string | null): boolean =>
  orderId !== null && labels.get(orderId)?.label === 'fraud';

/** The order's amount beside those of the customer's orders before, in the same currency. */
export const customerWindows = (order: OrderFacts, placed: readonly Fact[], labels: ReadonlyMap<string, Label>) => {
  const same = placed.filter(({ currency }) => currency === order.currency);
  // A known fraud was not the customer's own.
  const own = same.filter(({ orderId }) => !isFraud(labels, orderId));
  // Sorted, so that rounding in sums does not depend on the order in which events came.
  const amounts = own.map(({ amount }) => amount ?? 0).toSorted((left, right) => left - right);
  const enough = amounts.length >= LEAST_ORDERS;
  const mean = amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length;
  const median = medianOf(amounts);
  const spread = spreadOf(amounts, mean);
  const large = (days: number): number =>
    own.filter(({ at, amount }) => at >= order.placedAt - days * DAY && (amount ?? 0) > LARGE * median).length;
  const frauds = placed.filter(({ orderId }) => isFraud(labels, orderId)).map(({ at }) => at);
  return {
    earlierOrders: placed.length,
    amountToOwnMedian: enough && median > 0 ? order.amount / median : null,
    amountDeviation: enough && spread > 0 ? (order.amount - mean) / spread : null,
    largeOrdersLastWeek: enough ? large(7) : null,
    largeOrdersLastFortnight: enough ? large(14) : null,
    hoursSinceOwnFraud: frauds.length > 0 ? (order.placedAt - Math.max(...frauds)) / HOUR : null,
  };
};

export const NO_CUSTOMER_WINDOWS = {
  earlierOrders: null,
  amountToOwnMedian: null,
  amountDeviation: null,
  largeOrdersLastWeek: null,
  largeOrdersLastFortnight: null,
  hoursSinceOwnFraud: null,
} as const;

/** One order of a device, address or terminal whose outcome is known. */
interface Settled {
  at: number;
  fraud: boolean;
}

/** Shares of fraud in windows behind the label delay, and the frauds in a row with which the known past ends. */
const windowsOf = (order: OrderFacts, settled: readonly Settled[], seen: number) => {
  const known = order.placedAt - LABEL_DELAY_DAYS * DAY;
  const share = (days: number): number | null => {
    const inside = settled.filter(({ at }) => at >= known - days * DAY);
    return inside.length === 0 ? null : inside.filter(({ fraud }) => fraud).length / inside.length;
  };
  const run = settled.slice(settled.findLastIndex(({ fraud }) => !fraud) + 1);
  const lastFraud = settled.findLast(({ fraud }) => fraud);
  return {
    entityOrders: seen,
    entityFraudsLastDay: share(1),
    entityFraudsLastWeek: share(7),
    entityFraudsLastMonth: share(30),
    entityFraudRun: run.length,
    entityFraudRunHours: run[0] ? (order.placedAt - run[0].at) / HOUR : null,
    hoursSinceEntityFraud: lastFraud ? (order.placedAt - lastFraud.at) / HOUR : null,
  };
};

type EntityWindows = ReturnType<typeof windowsOf>;

/** What the order's devices, addresses or terminals are known for: of each the one with the most frauds in a row. */
export const entityWindows = (
  order: OrderFacts,
  sightings: readonly Sighting[],
  labels: ReadonlyMap<string, Label>,
): EntityWindows | typeof NO_ENTITY_WINDOWS => {
  const oldest = order.placedAt - LABEL_DELAY_DAYS * DAY;
  const all = [...Map.groupBy(sightings, ({ entity, hash }) => `${entity} ${hash}`)].toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  );
  let worst: EntityWindows | typeof NO_ENTITY_WINDOWS = NO_ENTITY_WINDOWS;
  for (const [, group] of all) {
    const settled = group
      .filter(({ at, orderId }) => labels.has(orderId) || at < oldest)
      .toSorted((left, right) => left.at - right.at || (left.orderId < right.orderId ? -1 : 1))
      .map(({ at, orderId }) => ({ at, fraud: isFraud(labels, orderId) }));
    const windows = windowsOf(order, settled, group.length);
    if (rank(windows) > rank(worst)) worst = windows;
  }
  return worst;
};

const rank = ({
  entityFraudRun,
  entityFraudsLastMonth,
}: {
  entityFraudRun: number | null;
  entityFraudsLastMonth: number | null;
}): number => (entityFraudRun ?? -1) + (entityFraudsLastMonth ?? 0);

export const NO_ENTITY_WINDOWS = {
  entityOrders: null,
  entityFraudsLastDay: null,
  entityFraudsLastWeek: null,
  entityFraudsLastMonth: null,
  entityFraudRun: null,
  entityFraudRunHours: null,
  hoursSinceEntityFraud: null,
} as const;
