import { createClient } from '../../microservices/chassis/client.ts';
import type { CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { say, type Stage } from './demo-story.ts';

const SKU = 'THROW-WOOL';
const SPARE = 10;

/** Sells an article of the demo shop down to its threshold; true when the journey told staff of it. */
export const sellLow = async ({ api, waitFor }: Stage): Promise<boolean> => {
  const inventory = createClient(inventoryContract, api);
  const [level] = (await inventory.listLevels({ sku: SKU, sort: '-available', limit: 1 })).items;
  if (!level) throw new Error(`There is no stock of ${SKU}: npm start makes the demo shop.`);
  const { sku, locationId, available, lowStockThreshold: threshold } = level;
  if (threshold === null)
    throw new Error(`${SKU} has no low-stock threshold. Set one: Inventory node, Stock, Set Defaults or Set Policy.`);
  const missing = threshold + SPARE - available;
  if (missing > 0) {
    say(`${available} of ${SKU} left, receiving ${missing} first …`);
    await inventory.receiveStock({ sku, locationId, quantity: missing, reference: 'demo' });
  }
  const sold = Math.max(available, threshold + SPARE) - threshold;
  say(`selling ${sold} of ${SKU}, down to its threshold of ${threshold} …`);
  await inventory.adjustStock({ sku, locationId, change: -sold, reason: 'sold in the demo' });
  const low = await waitFor(({ type, subject }) => type === 'inventory.low' && subject === `${sku}@${locationId}`);
  const told = low && (await waitFor((event) => event.type === 'notification.sent' && isAbout(event, sku)));
  if (told) console.log(`staff were told that ${SKU} is low; the message is in /dev/inbox`);
  else
    console.log(low ? 'the stock is low, but no journey told staff: is n8n running?' : 'the stock did not become low');
  return told !== undefined;
};

const isAbout = ({ data }: CommerceEvent, sku: string): boolean => {
  const { template, about } = data as { template?: string; about?: string | null };
  return template === 'staff-low-stock' && about === sku;
};
