import { implementContract } from '../chassis/http/handlers.ts';
import type { Platform } from '../chassis/service.ts';
import { inventoryContract } from './contract.ts';
import { deliveryHandlers } from './service/deliveries.ts';
import { itemHandlers, locationHandlers } from './service/places.ts';
import { reservationHandlers } from './service/reservations.ts';
import { stockHandlers } from './service/stock.ts';
import { transferHandlers } from './service/transfers.ts';

/** Every operation of the domain; each folder file below tells one chapter. */
export const handlers = (platform: Platform<typeof inventoryContract>) =>
  implementContract(inventoryContract, {
    ...locationHandlers(platform),
    ...itemHandlers(platform),
    ...stockHandlers(platform),
    ...deliveryHandlers(platform),
    ...transferHandlers(platform),
    ...reservationHandlers(platform),
  });
