import type { IDataObject } from 'n8n-workflow';
import { catalog } from '../../../microservices/catalog/index.ts';
import { customers } from '../../../microservices/customers/index.ts';
import { events } from '../../../microservices/events/index.ts';
import { inventoryContract } from '../../../microservices/inventory/contract.ts';
import { inventory } from '../../../microservices/inventory/index.ts';
import { notifications } from '../../../microservices/notifications/index.ts';
import { orders } from '../../../microservices/orders/index.ts';
import { payments } from '../../../microservices/payments/index.ts';
import { walletContract } from '../../../microservices/wallet/contract.ts';
import { wallet } from '../../../microservices/wallet/index.ts';
import { startTestPlatform } from '../../test/platform.ts';
import { loadPackage } from './built-package.ts';
import { createCanvas, type CanvasNode } from './canvas.ts';

/** The built package beside a platform that its nodes act on. */
export const startShop = async () => {
  const built = await loadPackage();
  const services = [catalog, customers, events, inventory, notifications, orders, payments, wallet];
  const platform = await startTestPlatform({ services });
  const ledger = platform.client(walletContract);
  const stock = platform.client(inventoryContract);
  const { id: locationId } = await stock.createLocation({ code: 'shelf', name: 'Shelf', country: 'DE' });
  const options = { node: (type: string) => built.node(type), baseUrl: platform.url, apiKey: platform.adminKey };
  return {
    platform,
    canvas: createCanvas(options),
    /** A canvas whose credential has Rehearsal switched on. */
    rehearsing: (baseUrl = platform.url) =>
      createCanvas({ ...options, credential: { baseUrl, apiKey: platform.adminKey, rehearsal: true } }),
    /** What an owner has, in cents. */
    balance: async (ownerId: string): Promise<number> =>
      (await ledger.getBalance({ ownerId })).items.reduce((sum, { balance }) => sum + balance, 0),
    locationId,
    /** The units of a SKU on the shelf. */
    onShelf: async (sku: string): Promise<number> => {
      const { items } = await stock.listMovements({ sku, limit: 200 });
      return items.reduce((sum, { change }) => sum + change, 0);
    },
    stop: (): Promise<void> => platform.stop(),
  };
};

export const trigger: CanvasNode = { name: 'Trigger', type: 'n8n-nodes-fusioncommerce.fusionCommerceTrigger' };
export const agent: CanvasNode = { name: 'Agent', type: '@n8n/n8n-nodes-langchain.agent' };

export const commerceNode = (
  kind: string,
  resource: string,
  operation: string,
  parameters: IDataObject = {},
): CanvasNode => ({
  name: `${kind} ${operation}`,
  type: `n8n-nodes-fusioncommerce.fusionCommerce${kind}`,
  parameters: { resource, operation, ...parameters },
});

/** An item as the trigger emits it. */
export const eventItem = (id: string) => ({
  json: { id, type: 'order.created', source: '/orders', subject: 'ord_1', time: '', data: {}, sequence: 1 },
});
