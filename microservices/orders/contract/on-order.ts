import { id } from '../../chassis/contract/index.ts';
import { failures } from './values.ts';

/** The input that names an order. */
export const orderId = id('ord');
/** Failures of every operation that moves an order to another state. */
export const onOrder = { ORDER_NOT_FOUND: failures.orderNotFound, ILLEGAL_STATE: failures.illegalState } as const;
