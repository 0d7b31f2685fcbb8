import { timingSafeEqual } from 'node:crypto';
import { mayActFor } from '../../chassis/auth/authorize.ts';
import type { Caller } from '../../chassis/auth/caller.ts';
import { lockPerson } from '../../chassis/persons.ts';
import type { Failures, Tx } from '../context.ts';
import type { Order } from '../store/order.ts';

/** Who did it, as timeline and events say it: ids only. */
export const actorOf = (caller: Caller): string =>
  caller.kind === 'anonymous' ? 'guest' : `${caller.kind}:${caller.id}`;

/**
 * A guest’s cart or quote belongs to whoever knows its unguessable id; a customer’s to that customer; staff act for
 * all.
 */
export const mayUse = (caller: Caller, ownerId: string | null): boolean =>
  ownerId === null || mayActFor(caller, ownerId);

const sameText = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** A customer’s order belongs to that customer, a guest’s to whoever knows its secret; staff see all. */
export const maySee = (
  caller: Caller,
  order: { customerId: string | null; secret: string | null },
  secret: string | undefined,
): boolean =>
  caller.kind === 'key' ||
  (order.customerId !== null && mayActFor(caller, order.customerId)) ||
  (order.secret !== null && secret !== undefined && sameText(order.secret, secret));

/** The order as this caller may see it: the guest’s secret is for staff, who put it into links, and for nobody else. */
export const shownTo = (caller: Caller, order: Order): Order =>
  caller.kind === 'key' ? order : { ...order, secret: null };

/**
 * Locks the customer that staff or a journey act for. Throws CUSTOMER_NOT_FOUND when it was erased or merged. A
 * customer who asks was locked by the chassis.
 */
export const lockOwner = async (
  tx: Tx,
  caller: Caller,
  ownerId: string | null,
  errors: Pick<Failures<'createCart'>, 'CUSTOMER_NOT_FOUND'>,
): Promise<void> => {
  if (caller.kind !== 'key' || ownerId === null || (await lockPerson(tx, ownerId))) return;
  throw errors.CUSTOMER_NOT_FOUND(
    `The customer ${ownerId} was erased or merged into another. Find the right customer, or leave it out.`,
  );
};
