import { defineContract, withExamples } from '../chassis/contract/index.ts';
import { inventoryExamples } from './contract/examples.ts';
import { inventoryEvents } from './contract/events.ts';
import { placeOperations } from './contract/places.ts';
import { policyOperations } from './contract/policies.ts';
import { reservationOperations } from './contract/reservations.ts';
import { stockOperations } from './contract/stock.ts';

/** Locations, reservations, and the ledger that proves every number. */
export const inventoryContract = defineContract({
  domain: 'inventory',
  title: 'Inventory',
  noun: 'Stock',
  description:
    'Locations, stock levels, expiring reservations, transfers and deliveries. Never sells more than there is, unless backorder is allowed, however many buyers come at once.',
  version: 1,
  operations: { ...placeOperations, ...policyOperations, ...stockOperations, ...reservationOperations },
  events: withExamples(inventoryEvents, inventoryExamples),
});
