import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { defineFace } from '../form/face.ts';
import { inventoryPickers } from './pickers.ts';

export const inventoryFace = defineFace(inventoryContract, {
  pickers: inventoryPickers,
  resources: {
    reservation: {
      operations: {
        reserve: { calls: 'reserveStock' },
        get: 'getReservation',
        getMany: { calls: 'listReservations', action: 'Get many reservations' },
        commit: 'commitReservation',
        release: 'releaseReservation',
        extend: 'extendReservation',
        ship: { calls: 'shipStock' },
        returnToStock: { calls: 'returnStock' },
        getTimeline: { calls: 'getReservationTimeline' },
      },
    },
    stock: {
      operations: {
        getAvailability: { calls: 'getAvailability', action: 'Get availability of stock' },
        getLevels: { calls: 'listLevels', action: 'Get stock levels' },
        getMovements: { calls: 'listMovements', action: 'Get stock movements' },
        receive: 'receiveStock',
        adjust: 'adjustStock',
        count: { calls: 'countStock', action: 'Record a count of stock' },
        setPolicy: 'setLevel',
        setPolicies: { calls: 'setLevels', name: 'Set Many Policies', action: 'Set many policies of stock' },
        getDefaults: { calls: 'getStockDefaults', action: 'Get defaults of stock' },
        setDefaults: { calls: 'setStockDefaults', action: 'Set defaults of stock' },
        audit: 'auditStock',
      },
    },
    item: {
      operations: {
        get: 'getItem',
        getMany: { calls: 'listItems', action: 'Get many items' },
        upsert: {
          calls: 'setItem',
          name: 'Create or Update',
          action: 'Create or update item',
          fresh: ['sku'],
        },
      },
    },
    location: {
      operations: {
        get: 'getLocation',
        getMany: { calls: 'listLocations', action: 'Get many locations' },
        create: 'createLocation',
        update: 'updateLocation',
      },
    },
    delivery: {
      operations: {
        getMany: { calls: 'listDeliveries', action: 'Get many deliveries' },
        expect: { calls: 'expectDelivery' },
        cancel: { calls: 'cancelDelivery' },
      },
    },
    transfer: {
      operations: {
        get: 'getTransfer',
        getMany: { calls: 'listTransfers', action: 'Get many transfers' },
        create: { calls: 'transferStock', action: 'Create transfer' },
        receive: 'receiveTransfer',
        cancel: 'cancelTransfer',
      },
    },
  },
});
