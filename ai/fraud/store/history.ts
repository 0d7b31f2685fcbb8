import { columns } from '../../../microservices/chassis/database/columns.ts';
import type { Queryable } from '../../../microservices/chassis/database/index.ts';
import {
  DAY,
  dayOf,
  HISTORY_DAYS,
  MOST_FACTS,
  SHOP_DAYS,
  type Fact,
  type History,
  type Label,
  type OrderFacts,
  type ShopDay,
  type Sighting,
} from '../features/history.ts';

type Moment<Row extends { at: number }> = Omit<Row, 'at'> & { at: string };

const timed = <Row extends { at: number }>(rows: readonly Moment<Row>[]): Row[] =>
  // The row is the type's own but for its moment, which is put back here.
  rows.map((row) => ({ ...row, at: Date.parse(row.at) }) as Row);

/** The customer's ids as of a moment: its own and those of customers that had been merged into it. */
const OWN_IDS = `WITH RECURSIVE own (id) AS (
  SELECT $1::text UNION SELECT alias.merged_id FROM alias JOIN own ON alias.customer_id = own.id WHERE alias.at < $2)`;

const FACT = `event_id AS id, kind, at, order_id AS "orderId", amount, currency, country`;

const readFacts = async (database: Queryable, order: OrderFacts): Promise<Fact[]> => {
  const before = new Date(order.placedAt);
  const rows = await database.rows<Moment<Fact>>(
    `${OWN_IDS}
     (SELECT ${FACT} FROM fact WHERE customer_id IN (SELECT id FROM own) AND at < $2 AND at >= $3
        AND kind <> 'registered' AND order_id IS DISTINCT FROM $4
      ORDER BY at DESC, event_id DESC LIMIT $5)
     UNION ALL
     (SELECT ${FACT} FROM fact WHERE customer_id IN (SELECT id FROM own) AND at < $2 AND kind = 'registered'
      ORDER BY at LIMIT $5)`,
    [order.customerId, before, new Date(order.placedAt - HISTORY_DAYS * DAY), order.orderId, MOST_FACTS],
  );
  return timed<Fact>(rows);
};

export interface Entity {
  entity: Sighting['entity'];
  hash: string;
}

const readSightings = async (
  database: Queryable,
  order: OrderFacts,
  entities: readonly Entity[],
): Promise<Sighting[]> => {
  if (entities.length === 0) return [];
  const oldest = new Date(order.placedAt - HISTORY_DAYS * DAY);
  const rows = await database.rows<Moment<Sighting>>(
    `${OWN_IDS}
     SELECT entity, hash, at, order_id AS "orderId",
       CASE WHEN customer_id IN (SELECT id FROM own) THEN $1 ELSE customer_id END AS "customerId"
     FROM sighting
     WHERE (entity, hash) IN (SELECT wanted.entity, wanted.hash FROM unnest($3::text[], $4::text[]) AS wanted (entity, hash))
       AND at < $2 AND at >= $5 AND order_id <> $6
     ORDER BY sighting.at DESC, sighting.order_id DESC, sighting.entity DESC LIMIT $7`,
    [
      order.customerId,
      new Date(order.placedAt),
      entities.map(({ entity }) => entity),
      entities.map(({ hash }) => hash),
      oldest,
      order.orderId,
      MOST_FACTS,
    ],
  );
  return timed<Sighting>(rows);
};

const readLabels = async (database: Queryable, orderIds: readonly string[], before: number): Promise<Label[]> => {
  if (orderIds.length === 0) return [];
  const rows = await database.rows<Moment<Label>>(
    `SELECT DISTINCT ON (order_id) order_id AS "orderId", label, labelled_at AS at FROM label
     WHERE order_id = ANY($1) AND labelled_at < $2 ORDER BY order_id, labelled_at DESC, id DESC`,
    [orderIds, new Date(before)],
  );
  return timed<Label>(rows);
};

const readShopDays = (database: Queryable, order: OrderFacts): Promise<ShopDay[]> =>
  database.rows<ShopDay>(
    'SELECT currency, day, orders, amount FROM shop_day WHERE currency = $1 AND day < $2 AND day >= $3',
    [order.currency, dayOf(order.placedAt), dayOf(order.placedAt) - SHOP_DAYS],
  );

/** The history of an order, as of the moment it was placed. */
export const readHistory = async (
  database: Queryable,
  order: OrderFacts,
  entities: readonly Entity[],
): Promise<History> => {
  const [facts, sightings, shopDays] = await Promise.all([
    order.customerId === null ? [] : readFacts(database, order),
    readSightings(database, order, entities),
    readShopDays(database, order),
  ]);
  const orderIds = [...facts, ...sightings].map(({ orderId }) => orderId).filter((orderId) => orderId !== null);
  return { facts, sightings, shopDays, labels: await readLabels(database, [...new Set(orderIds)], order.placedAt) };
};

/** An order as its order.created event describes it. */
export const findOrder = async (
  database: Queryable,
  orderId: string,
): Promise<Omit<OrderFacts, 'billingCountry'> | undefined> => {
  const row = await database.maybeOne<Moment<PlacedFact>>(
    `SELECT ${columns(PLACED)} FROM fact WHERE order_id = $1 AND kind = 'order_placed' ORDER BY at, event_id LIMIT 1`,
    [orderId],
  );
  if (!row) return undefined;
  const { at, country, ...placed } = row;
  return { orderId, ...placed, shippingCountry: country, placedAt: Date.parse(at) };
};

const PLACED = ['customerId', 'at', 'amount', 'currency', 'country', 'paymentMethod', 'largestQuantity'];

interface PlacedFact extends Pick<
  OrderFacts,
  'customerId' | 'amount' | 'currency' | 'paymentMethod' | 'largestQuantity'
> {
  at: number;
  country: string | null;
}
