import { z } from 'zod';
import { expectedVersion, id, money, operation, VERSION_CONFLICT } from '../../chassis/contract/index.ts';
import { write } from './access.ts';
import { onOrder, orderId } from './on-order.ts';
import { order, refund } from './order.ts';
import { failures, MAX_QUANTITY, orderAmount, quantity, reason, tracking } from './values.ts';

const shipmentLine = z.object({ lineId: id('lin'), quantity });
const LINE_NOT_FOUND = { status: 404, title: 'Line not found' } as const;

export const fulfilAndRefundOperations = {
  shipOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/fulfilments',
    title: 'Ship order',
    description:
      'Records a shipment of some lines, or of all that is left. An order can go in several shipments, never more than was ordered.',
    access: write,
    input: z.object({
      orderId,
      lines: z
        .array(shipmentLine)
        .min(1)
        .max(500)
        .optional()
        .describe('Lines in the parcel; otherwise all that is left'),
      ...tracking,
      locationId: id('loc').optional().describe('Location it was shipped from'),
    }),
    output: order,
    errors: {
      ...onOrder,
      LINE_NOT_FOUND,
      MORE_THAN_ORDERED: {
        status: 409,
        title: 'Quantity exceeds what is left to ship',
        data: z.object({ lineId: z.string(), requested: z.int(), left: z.int() }),
      },
    },
  }),
  setTracking: operation({
    method: 'PATCH',
    path: '/orders/{orderId}/fulfilments/{fulfilmentId}',
    title: 'Set tracking',
    description: 'Sets the carrier and the tracking of a shipment.',
    access: write,
    input: z.object({ orderId, fulfilmentId: id('ful'), expectedVersion, ...tracking }),
    output: order,
    errors: {
      ORDER_NOT_FOUND: failures.orderNotFound,
      FULFILMENT_NOT_FOUND: { status: 404, title: 'Fulfilment not found' },
      VERSION_CONFLICT,
    },
  }),
  deliverOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/deliver',
    title: 'Mark delivered',
    description:
      'Records that one shipment, or all of them, arrived. The order is delivered once everything was shipped and has arrived. With cash on delivery, name the cash collected.',
    access: write,
    input: z.object({
      orderId,
      fulfilmentId: id('ful').optional().describe('One shipment; otherwise all under way'),
      cashCollected: orderAmount.optional().describe('With cash on delivery: the amount collected'),
    }),
    output: order,
    errors: {
      ...onOrder,
      FULFILMENT_NOT_FOUND: { status: 404, title: 'Fulfilment not found' },
      CASH_NOT_DUE: { status: 409, title: 'Cash amount not due', data: z.object({ due: money }) },
    },
  }),
  refundOrder: operation({
    method: 'POST',
    path: '/orders/{orderId}/refunds',
    title: 'Refund',
    description:
      'Refunds lines or shipping, all or in part; never more than was paid. For a line name an amount, or a quantity for its share, or neither for all that is left.',
    access: write,
    input: z.object({
      orderId,
      reason,
      lines: z
        .array(
          z.object({
            lineId: id('lin'),
            quantity: quantity.optional().describe('Units to refund'),
            amount: orderAmount.optional().describe('Instead of the share of the units'),
            unshipped: z
              .int()
              .min(0)
              .max(MAX_QUANTITY)
              .optional()
              .describe('Units of it that were never shipped; by default those are refunded first'),
          }),
        )
        .max(500)
        .default([])
        .describe('Lines to refund, all or in part'),
      shipping: orderAmount.optional().describe('Part of the shipping cost to refund'),
    }),
    output: refund,
    errors: {
      ...onOrder,
      LINE_NOT_FOUND,
      NOTHING_TO_REFUND: { status: 422, title: 'Nothing to refund' },
      OTHER_CURRENCY: { status: 422, title: 'Currency mismatch' },
      REFUND_TOO_HIGH: {
        status: 409,
        title: 'Refund exceeds what was paid',
        data: z.object({ requested: money, refundable: money }),
      },
    },
    successStatus: 201,
  }),
} as const;
