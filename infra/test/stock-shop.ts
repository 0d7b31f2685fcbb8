import { until } from '../../microservices/chassis/testing/until.ts';
import { confirmOrder, newCustomer, oneOnSale, openShop, placeOrder } from '../../microservices/orders/testing.ts';
import type { TestPlatform } from './platform.ts';
import { startShopPlatform } from './shop-platform.ts';

interface Quantities {
  onHand: number;
  reserved: number;
  allocated: number;
  available: number;
  short: number;
}

/** A shop whose orders and inventory are both real, with what tests of the two ask about. */
export const openStockShop = async () => {
  let platform: TestPlatform | undefined;
  const shop = await openShop(async (options) => {
    const environment = { ...options.environment, INVENTORY_EXPIRY_INTERVAL_MS: '100' };
    return (platform = await startShopPlatform({ ...options, environment }));
  });
  if (!platform) throw new Error('the shop was opened without a platform');

  /** An order of so many units of a SKU of its own, confirmed. */
  const confirmed = async (quantity: number) => {
    const sku = await oneOnSale(shop, { amount: 1_000, stock: 10 });
    const customer = await newCustomer(shop, 100_000);
    const placed = await placeOrder(customer.orders, [{ sku, quantity }]);
    const { reservation } = await confirmOrder(shop, placed);
    return { sku, lineId: placed.lines[0]?.lineId ?? '', reservationId: reservation.id, orderId: placed.id };
  };

  const levelOf = async (sku: string): Promise<Quantities> => {
    const [level] = (await shop.inventory.listLevels({ sku, locationId: shop.locationId })).items;
    if (!level) throw new Error(`There is no level of ${sku}`);
    const { onHand, reserved, allocated, available, short } = level;
    return { onHand, reserved, allocated, available, short };
  };

  const levelIs = (sku: string, wanted: Partial<Quantities>): Promise<Quantities> =>
    until(
      `the level of ${sku} is ${JSON.stringify(wanted)}`,
      () => levelOf(sku),
      (level) => Object.entries(wanted).every(([name, value]) => level[name as keyof Quantities] === value),
    );

  return { shop, platform, confirmed, levelOf, levelIs };
};

/** Writes a committed reservation and its levels as a version left them whose units left the shelf at the commit. */
export const makeLegacyStock = (platform: TestPlatform, reservationId: string): Promise<void> =>
  platform.database('inventory').transaction(async (sql) => {
    const line = `SELECT sku, location_id, quantity - shipped - freed AS units FROM reservation_line WHERE reservation_id = $1`;
    await sql.run(
      `INSERT INTO movement (id, sku, location_id, kind, change, on_hand_after, cause_id, actor)
       SELECT 'mov_' || md5(random()::text), sku, location_id, 'sale', -units, 0, $1, 'key:old' FROM (${line}) AS l`,
      [reservationId],
    );
    await sql.run(
      `UPDATE level SET on_hand = on_hand - units, allocated = allocated - units
       FROM (${line}) AS l WHERE level.sku = l.sku AND level.location_id = l.location_id`,
      [reservationId],
    );
    await sql.run('UPDATE reservation_line SET shipped = NULL WHERE reservation_id = $1', [reservationId]);
    await sql.run('DELETE FROM parcel WHERE owner_id = (SELECT owner_id FROM reservation WHERE id = $1)', [
      reservationId,
    ]);
  });
