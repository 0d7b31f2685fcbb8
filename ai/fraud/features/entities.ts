import { DAY, LABEL_DELAY_DAYS, type Label, type OrderFacts, type Sighting } from './history.ts';

/** For how many days orders of different customers through one entity are linked; a terminal serves everyone. */
const LINK_DAYS = { device: 7, email: 7, ip: 1, terminal: 0 } as const satisfies Record<Sighting['entity'], number>;

const grouped = (sightings: readonly Sighting[]): Sighting[][] => [
  ...Map.groupBy(sightings, ({ entity, hash }) => `${entity} ${hash}`).values(),
];

/**
 * The most other customers that were seen on one of the order's devices or addresses. Null when none of these is known.
 */
export const linkedCustomers = (order: OrderFacts, sightings: readonly Sighting[]): number | null => {
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

/** An entity that is new has the usual share of fraud; about ten orders are needed to change that. */
const USUAL_RISK = 0.005;
const USUAL_WEIGHT = 10;

/**
 * For how many days labels count for an entity. Devices and e-mail addresses stay with a person; IP addresses change
 * their users, and a terminal that was tampered with is found and repaired.
 */
const RISK_DAYS = { device: 90, email: 90, ip: 14, terminal: 14 } as const satisfies Record<Sighting['entity'], number>;

/**
 * The highest share of fraud among the order's devices, addresses or terminals, of their orders that were settled
 * lately: labelled, or old enough without.
 */
export const entityRisk = (
  order: OrderFacts,
  sightings: readonly Sighting[],
  labels: ReadonlyMap<string, Label>,
): number | null => {
  if (sightings.length === 0) return null;
  const isSettledLately = ({ entity, at, orderId }: Sighting): boolean => {
    const settledAt = labels.get(orderId)?.at ?? at + LABEL_DELAY_DAYS * DAY;
    return settledAt < order.placedAt && settledAt >= order.placedAt - RISK_DAYS[entity] * DAY;
  };
  const risks = grouped(sightings).map((group) => {
    const settled = group.filter(isSettledLately);
    const frauds = settled.filter(({ orderId }) => labels.get(orderId)?.label === 'fraud').length;
    return (frauds + USUAL_RISK * USUAL_WEIGHT) / (settled.length + USUAL_WEIGHT);
  });
  return Math.max(...risks);
};
