import { fraud } from '../../ai/fraud/index.ts';
import type { ServiceDefinition } from '../../microservices/chassis/service.ts';
import { catalog } from '../../microservices/catalog/index.ts';
import { customers } from '../../microservices/customers/index.ts';
import { events } from '../../microservices/events/index.ts';
import { inventory } from '../../microservices/inventory/index.ts';
import { notifications } from '../../microservices/notifications/index.ts';
import { orders } from '../../microservices/orders/index.ts';
import { wallet } from '../../microservices/wallet/index.ts';
import { groups } from '../../microservices/groups/index.ts';
import { payments } from '../../microservices/payments/index.ts';
import { audit } from '../../microservices/audit/index.ts';

/** Every service of the platform, in the order of the contracts. A test compares both lists. */
export const allServices: readonly ServiceDefinition[] = [
  catalog,
  inventory,
  customers,
  wallet,
  orders,
  notifications,
  events,
  groups,
  payments,
  audit,
  fraud,
].map((definition) => definition as unknown as ServiceDefinition);
