import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { pickerFrom, type Pickers } from '../form/pickers.ts';

const location = pickerFrom(inventoryContract, 'Location', 'searchLocations', 'listLocations', {
  label: ['name', 'code'],
});

/** The inputs of this node that are chosen from a list. */
export const inventoryPickers = {
  sku: pickerFrom(inventoryContract, 'SKU', 'searchItems', 'listItems', { value: 'sku', label: ['sku', 'name'] }),
  locationId: location,
  fromLocationId: { ...location, title: 'From Location' },
  toLocationId: { ...location, title: 'To Location' },
  deliveryId: pickerFrom(inventoryContract, 'Delivery', 'searchDeliveries', 'listDeliveries', {
    label: ['sku', 'quantity', 'reference'],
  }),
  transferId: pickerFrom(inventoryContract, 'Transfer', 'searchTransfers', 'listTransfers', {
    label: ['reference', 'state', 'createdAt'],
  }),
  reservationId: pickerFrom(inventoryContract, 'Reservation', 'searchReservations', 'listReservations', {
    label: ['ownerId', 'state'],
  }),
} satisfies Pickers;
