import { catalog } from '../../microservices/catalog/index.ts';
import { customers } from '../../microservices/customers/index.ts';
import { inventory } from '../../microservices/inventory/index.ts';
import { orders } from '../../microservices/orders/index.ts';
import { payments } from '../../microservices/payments/index.ts';
import { wallet } from '../../microservices/wallet/index.ts';
import type { PlatformOptions } from '../platform/platform-options.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';

/** The orders and what they ask: no more is started for their tests. */
export const startShopPlatform = (options: Pick<PlatformOptions, 'environment' | 'now'>): Promise<TestPlatform> =>
  startTestPlatform({ services: [catalog, customers, inventory, orders, payments, wallet], ...options });
