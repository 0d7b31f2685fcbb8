import { z } from 'zod';
import { country, operation, page, pageQuery, reference } from '../../chassis/contract/index.ts';
import {
  illegalState,
  locationId,
  quantity,
  reservation,
  reservationEntry,
  reservationId,
  reservationState,
  sku,
} from './shapes.ts';

const read = { scope: 'inventory:read' };
const write = { scope: 'inventory:write' };
const notFound = { status: 404, title: 'Reservation not found', data: z.object({ reservationId }) } as const;
const expired = { status: 409, title: 'Reservation expired', data: z.object({ expiresAt: z.string() }) } as const;
const expiresInSeconds = z.int().min(1).max(604_800).describe('Seconds from now, up to 7 days');

/** Reservations of stock: reserve, then commit, release, or let expire. */
export const reservationOperations = {
  reserveStock: operation({
    method: 'POST',
    path: '/inventory/reservations',
    title: 'Reserve stock',
    description:
      'Reserves stock for an owner until committed, released or expired. All lines or none, unless partial is asked for. Lines of one SKU count together. Without a location the platform chooses: as few locations as possible, then those in the given country, then by priority.',
    access: write,
    input: z.object({
      ownerId: reference.describe('Whom it is for: the id of the order'),
      lines: z
        .array(z.object({ sku, quantity, locationId: locationId.optional().describe('Only from here') }))
        .min(1)
        .max(500)
        .describe('SKUs and quantities to reserve'),
      expiresInSeconds: expiresInSeconds.default(900).describe('How long the reservation lasts, up to 7 days'),
      partial: z.boolean().default(false).describe('Whether to reserve what is there when not all of it is'),
      country: country.optional().describe('Where it goes: locations in this country are preferred'),
    }),
    output: reservation,
    errors: {
      OUT_OF_STOCK: {
        status: 409,
        title: 'Out of stock',
        data: z.object({ lines: z.array(z.object({ sku, requested: z.int(), available: z.int() })) }),
      },
    },
    successStatus: 201,
  }),
  getReservation: operation({
    method: 'GET',
    path: '/inventory/reservations/{reservationId}',
    title: 'Get reservation',
    description: 'One reservation by its id.',
    access: read,
    input: z.object({ reservationId }),
    output: reservation,
    errors: { RESERVATION_NOT_FOUND: notFound },
  }),
  listReservations: operation({
    method: 'GET',
    path: '/inventory/reservations',
    title: 'List reservations',
    description: 'Reservations, newest first.',
    access: read,
    input: z.object({
      ownerId: reference.optional().describe('Whom it is for: the id of the order'),
      state: reservationState.optional(),
      sku: sku.optional(),
      ...pageQuery,
    }),
    output: page(reservation),
  }),
  commitReservation: operation({
    method: 'POST',
    path: '/inventory/reservations/{reservationId}/commit',
    title: 'Commit reservation',
    description:
      'Makes a reservation final: its units are sold, and stay on the shelf, allocated, until they are shipped. One that is committed already is returned unchanged.',
    access: write,
    input: z.object({ reservationId }),
    output: reservation,
    errors: { RESERVATION_NOT_FOUND: notFound, RESERVATION_EXPIRED: expired, ILLEGAL_STATE: illegalState },
  }),
  releaseReservation: operation({
    method: 'POST',
    path: '/inventory/reservations/{reservationId}/release',
    title: 'Release reservation',
    description: 'Makes reserved units available again. One that was released or has expired is returned unchanged.',
    access: write,
    input: z.object({ reservationId }),
    output: reservation,
    errors: { RESERVATION_NOT_FOUND: notFound, ILLEGAL_STATE: illegalState },
  }),
  extendReservation: operation({
    method: 'POST',
    path: '/inventory/reservations/{reservationId}/extend',
    title: 'Extend reservation',
    description:
      'Lets an open reservation last for this long from now, for example while an order is reviewed. It never gets shorter.',
    access: write,
    input: z.object({ reservationId, expiresInSeconds }),
    output: reservation,
    errors: { RESERVATION_NOT_FOUND: notFound, RESERVATION_EXPIRED: expired, ILLEGAL_STATE: illegalState },
  }),
  getReservationTimeline: operation({
    method: 'GET',
    path: '/inventory/reservations/{reservationId}/timeline',
    title: 'Get reservation timeline',
    description:
      'History of a reservation, oldest first: reserved, committed, shipped, returned, released, with who and when.',
    access: read,
    input: z.object({ reservationId, ...pageQuery }),
    output: page(reservationEntry),
    errors: { RESERVATION_NOT_FOUND: notFound },
  }),
  shipStock: operation({
    method: 'POST',
    path: '/inventory/reservations/{reservationId}/shipments',
    title: 'Ship stock',
    description:
      'Takes allocated units of a committed reservation off the shelf. Without lines: all of them. For owners that are not orders; what an order ships leaves the shelf by itself.',
    access: write,
    input: z.object({
      reservationId,
      lines: z
        .array(z.object({ sku, quantity }))
        .min(1)
        .max(500)
        .optional()
        .describe('SKUs and quantities that leave; all that are left when left out'),
    }),
    output: reservation,
    errors: {
      RESERVATION_NOT_FOUND: notFound,
      ILLEGAL_STATE: illegalState,
      SHIPPED_BY_ORDER: { status: 409, title: 'Shipped by its order', data: z.object({ orderId: z.string() }) },
      TOO_MUCH_SHIPPED: {
        status: 409,
        title: 'Too many units shipped',
        data: z.object({ lines: z.array(z.object({ sku, requested: z.int(), allocated: z.int() })) }),
      },
    },
  }),
  returnStock: operation({
    method: 'POST',
    path: '/inventory/reservations/{reservationId}/returns',
    title: 'Return to stock',
    description:
      'Makes units of a committed reservation available again at the location they came from, never more than were taken: first those that were shipped, then those that were not. Without lines: all that are left.',
    access: write,
    input: z.object({
      reservationId,
      lines: z
        .array(z.object({ sku, quantity }))
        .min(1)
        .max(500)
        .optional()
        .describe('SKUs and quantities that come back; all that are left when left out'),
    }),
    output: reservation,
    errors: {
      RESERVATION_NOT_FOUND: notFound,
      ILLEGAL_STATE: illegalState,
      TOO_MUCH_RETURNED: {
        status: 409,
        title: 'Too many units returned',
        data: z.object({ lines: z.array(z.object({ sku, requested: z.int(), returnable: z.int() })) }),
      },
    },
  }),
};
