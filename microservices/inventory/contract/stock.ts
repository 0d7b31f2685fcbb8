import { z } from 'zod';
import { operation, page, pageQuery, text, timestamp } from '../../chassis/contract/index.ts';
import {
  delivery,
  deliveryId,
  deliveryState,
  illegalState,
  insufficientStock,
  locationId,
  locationNotFound,
  movement,
  movementKind,
  note,
  quantity,
  sku,
  stockChange,
  transfer,
  transferId,
  transferState,
} from './shapes.ts';

const read = { scope: 'inventory:read' };
const write = { scope: 'inventory:write' };
const deliveryNotFound = { status: 404, title: 'Delivery not found', data: z.object({ deliveryId }) } as const;
const transferNotFound = { status: 404, title: 'Transfer not found', data: z.object({ transferId }) } as const;
const reason = text(200).describe('Why, in words that an auditor understands');

/** How stock comes, goes and moves, and the ledger of it. */
export const stockOperations = {
  receiveStock: operation({
    method: 'POST',
    path: '/inventory/receipts',
    title: 'Receive stock',
    description:
      'Books units that arrived at a location. With the id of an expected delivery they also come off what is incoming.',
    access: write,
    input: z.object({ sku, locationId, quantity, reference: note.optional(), deliveryId: deliveryId.optional() }),
    output: stockChange,
    errors: {
      LOCATION_NOT_FOUND: locationNotFound,
      DELIVERY_NOT_FOUND: deliveryNotFound,
      DELIVERY_MISMATCH: { status: 409, title: 'Another delivery', data: z.object({ sku, locationId }) },
      ILLEGAL_STATE: illegalState,
    },
    successStatus: 201,
  }),
  adjustStock: operation({
    method: 'POST',
    path: '/inventory/adjustments',
    title: 'Adjust stock',
    description:
      'Changes on hand by a number of units, with the reason. Units that are reserved or allocated cannot be taken away; record a count when they are gone.',
    access: write,
    input: z.object({
      sku,
      locationId,
      change: z
        .int()
        .min(-1_000_000)
        .max(1_000_000)
        .refine(
          (value) => value !== 0,
          'a change of zero changes nothing: give the units that came (positive) or went (negative)',
        )
        .describe('Units that came (positive) or went (negative)'),
      reason,
    }),
    output: stockChange,
    errors: { LOCATION_NOT_FOUND: locationNotFound, INSUFFICIENT_STOCK: insufficientStock },
    successStatus: 201,
  }),
  countStock: operation({
    method: 'POST',
    path: '/inventory/counts',
    title: 'Record a count',
    description:
      'Sets on hand to the number of units that lie on the shelf, reserved and allocated ones included; the difference goes into the ledger, zero too. When fewer are there than buyers were promised, the level is short and stock.short names them.',
    access: write,
    input: z.object({
      sku,
      locationId,
      counted: z.int().min(0).max(1_000_000_000).describe('Units that were counted'),
      reason: reason.default('cycle count'),
    }),
    output: stockChange,
    errors: {
      LOCATION_NOT_FOUND: locationNotFound,
      UPDATE_UNFINISHED: {
        status: 503,
        title: 'Stock is being brought up to date',
        data: z.object({ sku, locationId }),
      },
    },
    successStatus: 201,
  }),

  expectDelivery: operation({
    method: 'POST',
    path: '/inventory/deliveries',
    title: 'Expect a delivery',
    description: 'Announces units that will arrive at a location; they count as incoming until they are received.',
    access: write,
    input: z.object({ sku, locationId, quantity, reference: note.optional(), expectedAt: timestamp.optional() }),
    output: delivery,
    errors: { LOCATION_NOT_FOUND: locationNotFound },
    successStatus: 201,
  }),
  cancelDelivery: operation({
    method: 'POST',
    path: '/inventory/deliveries/{deliveryId}/cancel',
    title: 'Cancel a delivery',
    description: 'Cancels an expected delivery: units that have not arrived are no longer incoming.',
    access: write,
    input: z.object({ deliveryId }),
    output: delivery,
    errors: { DELIVERY_NOT_FOUND: deliveryNotFound, ILLEGAL_STATE: illegalState },
  }),
  listDeliveries: operation({
    method: 'GET',
    path: '/inventory/deliveries',
    title: 'List deliveries',
    description: 'Expected deliveries, newest first.',
    access: read,
    input: z.object({
      sku: sku.optional(),
      locationId: locationId.optional(),
      state: deliveryState.optional(),
      reference: note.optional(),
      ...pageQuery,
    }),
    output: page(delivery),
  }),

  transferStock: operation({
    method: 'POST',
    path: '/inventory/transfers',
    title: 'Transfer stock',
    description:
      'Moves units from one location to another, all lines or none. In transit they are in neither and count as incoming at the destination until the transfer is received.',
    access: write,
    input: z
      .object({
        fromLocationId: locationId,
        toLocationId: locationId,
        lines: z.array(z.object({ sku, quantity })).min(1).max(500).describe('SKUs and quantities to move'),
        inTransit: z
          .boolean()
          .default(false)
          .describe('Whether the units are in transit first; otherwise they arrive at once'),
        reference: note.optional(),
      })
      .refine((input) => input.fromLocationId !== input.toLocationId, {
        message: 'a transfer needs two different locations',
        path: ['toLocationId'],
      }),
    output: transfer,
    errors: { LOCATION_NOT_FOUND: locationNotFound, INSUFFICIENT_STOCK: insufficientStock },
    successStatus: 201,
  }),
  receiveTransfer: operation({
    method: 'POST',
    path: '/inventory/transfers/{transferId}/receive',
    title: 'Receive a transfer',
    description: 'Books a transfer in transit into its destination.',
    access: write,
    input: z.object({ transferId }),
    output: transfer,
    errors: { TRANSFER_NOT_FOUND: transferNotFound, ILLEGAL_STATE: illegalState },
  }),
  cancelTransfer: operation({
    method: 'POST',
    path: '/inventory/transfers/{transferId}/cancel',
    title: 'Cancel a transfer',
    description: 'Books a transfer in transit back to where it came from.',
    access: write,
    input: z.object({ transferId }),
    output: transfer,
    errors: { TRANSFER_NOT_FOUND: transferNotFound, ILLEGAL_STATE: illegalState },
  }),
  getTransfer: operation({
    method: 'GET',
    path: '/inventory/transfers/{transferId}',
    title: 'Get transfer',
    description: 'One transfer by its id.',
    access: read,
    input: z.object({ transferId }),
    output: transfer,
    errors: { TRANSFER_NOT_FOUND: transferNotFound },
  }),
  listTransfers: operation({
    method: 'GET',
    path: '/inventory/transfers',
    title: 'List transfers',
    description: 'Transfers, newest first.',
    access: read,
    input: z.object({
      state: transferState.optional(),
      locationId: locationId.optional().describe('From or to here'),
      ...pageQuery,
    }),
    output: page(transfer),
  }),

  listMovements: operation({
    method: 'GET',
    path: '/inventory/movements',
    title: 'List movements',
    description:
      'The ledger: every unit that ever came or went, newest first, with its cause. Lines are never changed or deleted.',
    access: read,
    input: z.object({
      sku: sku.optional(),
      locationId: locationId.optional(),
      kind: movementKind.optional(),
      causeId: note.optional().describe('Id of a reservation, transfer or delivery, or the reference of a receipt'),
      from: timestamp.optional().describe('Since this moment'),
      to: timestamp.optional().describe('Before this moment'),
      ...pageQuery,
    }),
    output: page(movement),
  }),
  auditStock: operation({
    method: 'GET',
    path: '/inventory/audit',
    title: 'Audit stock',
    description:
      'Recounts everything in one consistent look: on hand = sum of movements, reserved = open reservations, allocated = committed and not shipped, incoming = deliveries and transfers under way, every sale and return has its reservation, nothing is oversold.',
    access: read,
    input: z.object({}),
    output: z.object({
      consistent: z.boolean(),
      items: z.int(),
      levels: z.int(),
      movements: z.int(),
      reservations: z.int(),
      problems: z
        .array(
          z.object({
            check: z.string().describe('Which rule is broken'),
            subject: z.string().describe('Of which level, reservation or transfer'),
            expected: z.int(),
            actual: z.int(),
          }),
        )
        .describe('At most 100'),
    }),
  }),
};
