import { z } from 'zod';
import { choices, country, id, line, reference, sku, timestamp, version } from '../../chassis/contract/index.ts';

export { sku };

export const quantity = z.int().min(1).max(1_000_000).describe('Units, 1 to 1,000,000');
const units = z.int().describe('Units');
export const locationId = id('loc');
export const reservationId = id('res');
export const transferId = id('stf');
export const deliveryId = id('dlv');
export const note = reference.describe('Reference in another system, for example a purchase order number');

export const locationKind = choices({
  warehouse: 'Stores and ships',
  store: 'Sells over the counter too',
  dark_store: 'Serves online orders only',
  supplier: 'Ships from its own stock',
}).describe('A dark store serves online orders only; a supplier ships from its own stock');

/** How willingly a location is chosen: lower numbers first. */
export const priority = z.int().min(0).max(10_000).describe('Lower numbers are chosen first');

export const location = z
  .object({
    id: locationId,
    code: reference.describe('Short name that people and devices use, unique'),
    name: line(200).describe('Name that people read'),
    kind: locationKind,
    country,
    city: line(100).nullable().describe('City, for people'),
    priority,
    active: z.boolean().describe('An inactive location keeps its stock but gets no new reservations'),
    version,
    createdAt: timestamp,
  })
  .meta({ id: 'Location', title: 'Location' });
export type Location = z.infer<typeof location>;

export const level = z
  .object({
    sku,
    locationId,
    onHand: units.describe(
      'Units on the shelf, reserved and allocated ones included; below zero more were shipped than were known to be there',
    ),
    reserved: units.describe('Units of open reservations'),
    allocated: units.describe('Units of committed reservations that have not been shipped: on the shelf, but sold'),
    incoming: units.describe('Units on their way: open deliveries and transfers in transit'),
    safety: units.describe('Units that are never sold'),
    available: units.describe(
      'Units that can be sold: on hand − reserved − allocated − safety; below zero only where backorder is allowed',
    ),
    short: units.describe('Units that are reserved or allocated and not there'),
    backorderable: z.boolean().describe('Whether more may be sold than is there'),
    backorderLimit: units.nullable().describe('How far below zero available may go by backorder; null for no limit'),
    lowStockThreshold: units
      .nullable()
      .describe('At this many available units or fewer the level is low; null for never'),
    followsDefault: z.boolean().describe('True: the threshold is the default of the shop'),
    low: z.boolean(),
    updatedAt: timestamp,
  })
  .meta({ id: 'StockLevel', title: 'Stock level' });
export type Level = z.infer<typeof level>;

export const stockDefaults = z
  .object({
    lowStockThreshold: units.nullable().describe('Threshold of levels that have none of their own; null for none'),
    updatedAt: timestamp.nullable().describe('Null as long as it was never set'),
  })
  .meta({ id: 'StockDefaults', title: 'Stock defaults' });
export type StockDefaults = z.infer<typeof stockDefaults>;

/** The whole of an item over all its locations. */
export const item = z
  .object({
    sku,
    name: line(200).nullable(),
    barcode: reference.nullable().describe('GTIN, EAN, UPC or a code of your own'),
    onHand: units.describe('Units on the shelves, reserved and allocated ones included'),
    reserved: units.describe('Units of open reservations'),
    allocated: units.describe('Units of committed reservations that have not been shipped'),
    incoming: units,
    available: units.describe('What can be sold from stock, over all active locations'),
    short: units.describe('Units that are reserved or allocated and not there'),
    low: z.boolean().describe('Whether any of its levels is at or below its threshold'),
    version,
    createdAt: timestamp,
  })
  .meta({ id: 'StockItem', title: 'Stock item' });
export type Item = z.infer<typeof item>;

export const movementKind = choices({
  receipt: 'Units arrived',
  adjustment: 'Corrected by hand',
  count: 'A count found another number',
  sale: 'Shipped to a customer',
  return_to_stock: 'Came back from a customer',
  transfer_out: 'Left for another location',
  transfer_in: 'Came from another location',
  transfer_back: 'Came back from a cancelled transfer',
  not_shipped: 'Booked as left by an earlier version, but still on the shelf',
}).describe('Why the units moved');
export type MovementKind = z.infer<typeof movementKind>;

export const movement = z
  .object({
    id: id('mov'),
    sku,
    locationId,
    kind: movementKind,
    change: units.describe('Units that came (positive) or went (negative)'),
    onHandAfter: units.describe('On hand right after this movement'),
    causeId: z.string().nullable().describe('The reservation, transfer, delivery or reference that caused it'),
    reason: z.string().nullable(),
    actor: z.string().describe('Who: key:<id of the API key> or event:<type of the event>'),
    occurredAt: timestamp,
  })
  .meta({ id: 'StockMovement', title: 'Stock movement' });
export type Movement = z.infer<typeof movement>;

/** A change of stock: the line in the ledger and the level after it. */
export const stockChange = z.object({ movement, level }).meta({ id: 'StockChange', title: 'Stock change' });

export const reservationState = choices({
  reserved: 'Open: the units are kept for the owner',
  committed: 'Sold: the units are allocated until they are shipped',
  released: 'Given up: the units are free again',
  returned: 'All of its units came back after they were committed',
  expired: 'Its time ran out: the units are free again',
}).describe('What became of it');
export type ReservationState = z.infer<typeof reservationState>;

export const reservationLine = z.object({
  sku,
  locationId,
  quantity: units.describe('Units taken from this location'),
  backordered: units.describe('How many of them were not in stock when they were reserved'),
  returned: units.describe('How many can be sold again after the commit: they came back, or were never shipped'),
  shipped: units.describe('How many left the shelf after the commit, those that came back included'),
  allocated: units.describe('How many are committed and still on the shelf'),
});
export type ReservationLine = z.infer<typeof reservationLine>;

export const missing = z.object({
  sku,
  requested: units,
  reserved: units.describe('How many could be reserved'),
});

export const reservation = z
  .object({
    id: reservationId,
    ownerId: reference.describe('Whom it is for: the id of the order'),
    state: reservationState.describe(
      'committed: its units stay on the shelf until they are shipped; released: its units can be sold again and never left; returned: all of its units came back after some were shipped',
    ),
    lines: z.array(reservationLine).describe('One line per SKU and location, sorted'),
    missing: z.array(missing).describe('Lines that a partial reservation could not reserve in full'),
    expiresAt: timestamp.describe('Until when an open reservation holds; stock is free again after it'),
    createdAt: timestamp,
    settledAt: timestamp.nullable().describe('When it was committed, or released or expired without that'),
  })
  .meta({ id: 'Reservation', title: 'Reservation' });
export type Reservation = z.infer<typeof reservation>;

export const reservationEntry = z
  .object({
    kind: z
      .enum(['reserved', 'extended', 'committed', 'shipped', 'returned', 'released', 'expired'])
      .describe('returned: units came back after they were shipped; released: they can be sold again and never left'),
    lines: z.array(z.object({ sku, locationId, quantity: units })),
    actor: z
      .string()
      .nullable()
      .describe(
        'Who: key:<id of the API key>, event:<type of the event> or job:<name of the job>; null where nobody was noted',
      ),
    at: timestamp,
  })
  .meta({ id: 'ReservationEntry', title: 'Reservation timeline entry' });
export type ReservationEntry = z.infer<typeof reservationEntry>;

export const transferState = choices({
  in_transit: 'On its way',
  received: 'Arrived',
  cancelled: 'Cancelled: the units are back',
}).describe('How far it has come');
export type TransferState = z.infer<typeof transferState>;

export const transfer = z
  .object({
    id: transferId,
    fromLocationId: locationId,
    toLocationId: locationId,
    state: transferState,
    lines: z.array(z.object({ sku, quantity })),
    reference: z.string().nullable(),
    createdAt: timestamp,
    settledAt: timestamp.nullable(),
  })
  .meta({ id: 'StockTransfer', title: 'Stock transfer' });
export type Transfer = z.infer<typeof transfer>;

export const deliveryState = choices({
  open: 'Expected',
  received: 'Arrived in full',
  cancelled: 'Will not come',
}).describe('What became of it');
export type DeliveryState = z.infer<typeof deliveryState>;

export const delivery = z
  .object({
    id: deliveryId,
    sku,
    locationId,
    quantity: units.describe('Units announced'),
    received: units.describe('Units that arrived so far'),
    state: deliveryState,
    reference: z.string().nullable(),
    expectedAt: timestamp.nullable(),
    createdAt: timestamp,
  })
  .meta({ id: 'Delivery', title: 'Expected delivery' });
export type Delivery = z.infer<typeof delivery>;

/** A move that is not allowed: the present state, and what is allowed there. */
export const illegalState = {
  status: 409,
  title: 'Not allowed in this state',
  data: z.object({ state: z.string(), allowed: z.array(z.string()) }),
} as const;

export const locationNotFound = { status: 404, title: 'Location not found', data: z.object({ locationId }) } as const;

/** More units are reserved or owed than are there. */
export const backordersOpen = { status: 409, title: 'Open backorders', data: z.object({ owed: z.int() }) } as const;

export const insufficientStock = {
  status: 409,
  title: 'Insufficient stock',
  data: z.object({
    lines: z.array(
      z.object({
        sku,
        locationId,
        requested: units,
        free: units.describe('Units that are there and neither reserved nor allocated'),
      }),
    ),
  }),
} as const;
