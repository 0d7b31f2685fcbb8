import { catalogContract } from './catalog/contract.ts';
import type { Contract } from './chassis/contract/index.ts';
import { customersContract } from './customers/contract.ts';
import { eventsContract } from './events/contract.ts';
import { inventoryContract } from './inventory/contract.ts';
import { notificationsContract } from './notifications/contract.ts';
import { ordersContract } from './orders/contract.ts';
import { walletContract } from './wallet/contract.ts';
import { groupsContract } from './groups/contract.ts';
import { paymentsContract } from './payments/contract.ts';
import { auditContract } from './audit/contract.ts';

/** The contract of every domain, in the order in which the platform shows them. Add a new domain here. */
export const domainContracts: readonly Contract[] = [
  catalogContract,
  inventoryContract,
  customersContract,
  walletContract,
  ordersContract,
  notificationsContract,
  eventsContract,
  groupsContract,
  paymentsContract,
  auditContract,
];
