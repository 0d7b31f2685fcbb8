import { fraud } from '../../ai/fraud/index.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { customers } from '../../microservices/customers/index.ts';
import { inventoryContract } from '../../microservices/inventory/contract.ts';
import { notifications } from '../../microservices/notifications/index.ts';
import { orders } from '../../microservices/orders/index.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import { allServices } from '../platform/services.ts';
import { startTestPlatform } from './platform.ts';

const keepers = allServices.filter(({ contract }) => contract.personalData).map(({ contract }) => contract.domain);

test('an erasure waits for every service whose contract says personalData, and each acknowledges', async () => {
  const platform = await startTestPlatform({
    services: [customers, orders, notifications, fraud],
    remote: [walletContract, inventoryContract].map((contract) => ({ contract, url: 'http://127.0.0.1:9' })),
  });
  try {
    const staff = platform.client(customersContract);
    const { id: customerId } = await staff.createCustomer({ email: 'ada@example.com', emailVerified: true });
    const { services } = await staff.eraseCustomer({ customerId });
    expect(services.map(({ service }) => service)).toEqual(['customers', ...keepers].toSorted());
    await platform.waitForEvent('customer.erased', ({ subject }) => subject === customerId);
    expect((await staff.getErasure({ customerId })).state).toBe('completed');
  } finally {
    await platform.stop();
  }
});
