import { z } from 'zod';
import { event, reference, timestamp } from '../../chassis/contract/index.ts';
import { locationId, reservationId, reservationState, sku, transferId, transferState } from './shapes.ts';

const settledLines = z.array(z.object({ sku, locationId, quantity: z.int() }));
const aboutReservation = { reservationId, ownerId: reference };
const aboutLevel = {
  sku,
  locationId,
  onHand: z.int().describe('Afterwards'),
  available: z.int().describe('Afterwards: on hand − reserved − allocated − safety'),
};
const title = z
  .string()
  .nullable()
  .optional()
  .describe('Name of the item, or title of its product, where one is known');

/** The events on commerce.inventory. */
export const inventoryEvents = {
  'inventory.reserved': event({
    title: 'Stock reserved',
    description: 'Units are reserved for an owner until expiresAt.',
    aggregate: 'reservation',
    payload: z.object({
      ...aboutReservation,
      lines: z.array(z.object({ sku, locationId, quantity: z.int(), backordered: z.int() })),
      missing: z.array(z.object({ sku, requested: z.int(), reserved: z.int() })),
      expiresAt: timestamp,
    }),
  }),
  'inventory.reservation_failed': event({
    title: 'Reservation failed',
    description: 'There was not enough of something; nothing was reserved. The reservation id names the attempt.',
    aggregate: 'reservation',
    payload: z.object({
      ...aboutReservation,
      lines: z.array(z.object({ sku, requested: z.int(), available: z.int() })),
    }),
  }),
  'inventory.committed': event({
    title: 'Reservation committed',
    description: 'The reserved units are sold. They stay on hand, allocated, until they are shipped.',
    aggregate: 'reservation',
    payload: z.object({ ...aboutReservation, lines: settledLines }),
  }),
  'inventory.released': event({
    title: 'Reservation released',
    description: 'The reserved units are available again: the owner no longer needs them.',
    aggregate: 'reservation',
    payload: z.object({ ...aboutReservation, lines: settledLines }),
  }),
  'inventory.expired': event({
    title: 'Reservation expired',
    description: 'The reserved units are available again: they were not committed in time.',
    aggregate: 'reservation',
    payload: z.object({ ...aboutReservation, lines: settledLines }),
  }),
  'inventory.extended': event({
    title: 'Reservation extended',
    description: 'A reservation holds until the later moment expiresAt.',
    aggregate: 'reservation',
    payload: z.object({ ...aboutReservation, expiresAt: timestamp }),
  }),
  'inventory.returned': event({
    title: 'Returned to stock',
    description: 'Units of a committed reservation can be sold again: they came back, or will not be shipped.',
    aggregate: 'reservation',
    payload: z.object({
      ...aboutReservation,
      lines: z.array(
        z.object({
          sku,
          locationId,
          quantity: z.int(),
          unshipped: z.int().optional().describe('Units of quantity that never left the shelf'),
        }),
      ),
      state: reservationState
        .optional()
        .describe('State of the reservation afterwards: released or returned when none of its units is out any more'),
    }),
  }),
  'inventory.shipped': event({
    title: 'Stock shipped',
    description: 'Allocated units of a committed reservation left the shelf.',
    aggregate: 'reservation',
    payload: z.object({ ...aboutReservation, lines: settledLines }),
  }),
  'inventory.received': event({
    title: 'Stock received',
    description: 'Units arrived at a location.',
    aggregate: 'level',
    payload: z.object({ ...aboutLevel, quantity: z.int(), reference: z.string().nullable() }),
  }),
  'inventory.adjusted': event({
    title: 'Stock adjusted',
    description: 'On hand was corrected, by an adjustment or a count.',
    aggregate: 'level',
    payload: z.object({ ...aboutLevel, change: z.int(), reason: z.string() }),
  }),
  'inventory.policy_changed': event({
    title: 'Stock policy changed',
    description: 'The rules of a SKU at a location changed: safety stock, backorder or threshold.',
    technical: true,
    aggregate: 'level',
    payload: z.object({
      ...aboutLevel,
      safety: z.int(),
      backorderable: z.boolean(),
      backorderLimit: z.int().nullable(),
      lowStockThreshold: z.int().nullable(),
    }),
  }),
  'inventory.defaults_changed': event({
    title: 'Stock defaults changed',
    description: 'The low-stock threshold of levels without one of their own changed.',
    technical: true,
    aggregate: 'defaults',
    payload: z.object({ lowStockThreshold: z.int().nullable() }),
  }),
  'inventory.low': event({
    title: 'Stock low',
    description: 'Available fell to the threshold or below it. Sent once per fall.',
    aggregate: 'level',
    payload: z.object({ ...aboutLevel, title, threshold: z.int() }),
  }),
  'inventory.replenished': event({
    title: 'Stock replenished',
    description: 'Available rose above the threshold again. Sent once per rise.',
    aggregate: 'level',
    payload: z.object({
      ...aboutLevel,
      title,
      threshold: z.int().nullable().describe('null when the watch was lifted'),
    }),
  }),
  'stock.out': event({
    title: 'Out of stock',
    description: 'Nothing more of a SKU can be sold from a location. Sent once per fall to zero.',
    aggregate: 'level',
    payload: z.object({ ...aboutLevel, title }),
  }),
  'stock.back': event({
    title: 'Back in stock',
    description:
      'A SKU that was out of stock at a location can be sold from there again. Sent once per rise above zero; the first stock ever is not announced.',
    aggregate: 'level',
    payload: z.object({ ...aboutLevel, title }),
  }),
  'stock.short': event({
    title: 'Stock short',
    description:
      'A count found fewer units than are reserved and allocated: some of these buyers cannot be served from this location.',
    aggregate: 'level',
    payload: z.object({
      ...aboutLevel,
      title,
      short: z.int().describe('Units that are promised and not there'),
      claims: z
        .array(
          z.object({
            reservationId,
            ownerId: reference.describe('The order'),
            state: z.enum(['reserved', 'committed']),
            quantity: z.int().describe('Units promised and not shipped'),
          }),
        )
        .describe('Whom the units are promised to, the newest first; at most 100'),
    }),
  }),
  'inventory.expected': event({
    title: 'Delivery expected',
    description: 'A delivery was announced, or the rest of one was cancelled (quantity below zero).',
    aggregate: 'level',
    payload: z.object({
      sku,
      locationId,
      quantity: z.int(),
      incoming: z.int().describe('Afterwards'),
      deliveryId: z.string(),
    }),
  }),
  'inventory.transferred': event({
    title: 'Stock transferred',
    description: 'A transfer between two locations was sent, received or cancelled.',
    aggregate: 'transfer',
    payload: z.object({
      transferId,
      fromLocationId: locationId,
      toLocationId: locationId,
      state: transferState,
      lines: z.array(z.object({ sku, quantity: z.int() })),
    }),
  }),
  'inventory.location_changed': event({
    title: 'Location changed',
    description: 'A location was added or changed.',
    technical: true,
    aggregate: 'location',
    payload: z.object({ locationId, code: reference, kind: z.string(), country: z.string(), active: z.boolean() }),
  }),
  'inventory.item_described': event({
    title: 'Item described',
    description: 'A SKU got another name or barcode.',
    technical: true,
    aggregate: 'item',
    payload: z.object({ sku, name: z.string().nullable(), barcode: z.string().nullable() }),
  }),
};
