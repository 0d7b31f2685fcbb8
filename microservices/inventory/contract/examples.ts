/** The events of this domain as they might really be. */
import { exampleId } from '../../chassis/contract/index.ts';

const reservation = { reservationId: exampleId('res'), ownerId: exampleId('ord') };
const locationId = exampleId('loc');
const lines = [{ sku: 'LANTERN-01', locationId, quantity: 2 }];
const level = (onHand: number, available: number) => ({ sku: 'LANTERN-01', locationId, onHand, available });
const expiresAt = '2026-11-23T10:15:00.000Z';

export const inventoryExamples = {
  'inventory.reserved': {
    ...reservation,
    lines: [{ sku: 'LANTERN-01', locationId, quantity: 2, backordered: 0 }],
    missing: [],
    expiresAt,
  },
  'inventory.reservation_failed': { ...reservation, lines: [{ sku: 'LANTERN-01', requested: 5, available: 3 }] },
  'inventory.committed': { ...reservation, lines },
  'inventory.released': { ...reservation, lines },
  'inventory.expired': { ...reservation, lines },
  'inventory.extended': { ...reservation, expiresAt },
  'inventory.returned': { ...reservation, lines: [{ sku: 'LANTERN-01', locationId, quantity: 1 }] },
  'inventory.shipped': { ...reservation, lines },
  'inventory.received': { ...level(60, 58), quantity: 50, reference: 'PO-2026-118' },
  'inventory.adjusted': { ...level(57, 55), change: -3, reason: 'broken in the warehouse' },
  'inventory.policy_changed': {
    ...level(57, 55),
    safety: 2,
    backorderable: false,
    backorderLimit: null,
    lowStockThreshold: 10,
  },
  'inventory.defaults_changed': { lowStockThreshold: 5 },
  'inventory.low': { ...level(8, 6), threshold: 10 },
  'inventory.replenished': { ...level(58, 56), threshold: 10 },
  'stock.out': { ...level(2, 0), title: 'Camping lantern' },
  'stock.back': { ...level(50, 48), title: 'Camping lantern' },
  'stock.short': {
    ...level(3, 0),
    title: 'Camping lantern',
    short: 1,
    claims: [{ ...reservation, state: 'committed' as const, quantity: 4 }],
  },
  'inventory.expected': { sku: 'LANTERN-01', locationId, quantity: 50, incoming: 50, deliveryId: exampleId('dlv') },
  'inventory.transferred': {
    transferId: exampleId('stf'),
    fromLocationId: locationId,
    toLocationId: exampleId('loc', 2),
    state: 'in_transit' as const,
    lines: [{ sku: 'LANTERN-01', quantity: 10 }],
  },
  'inventory.location_changed': { locationId, code: 'berlin', kind: 'warehouse', country: 'DE', active: true },
  'inventory.item_described': { sku: 'LANTERN-01', name: 'Camping lantern', barcode: '4006381333931' },
};
