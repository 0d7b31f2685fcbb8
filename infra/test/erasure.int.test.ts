import { customersContract } from '../../microservices/customers/contract.ts';
import { customers } from '../../microservices/customers/index.ts';
import { allServices } from '../platform/services.ts';
import { startTestPlatform } from './platform.ts';

const keepers = allServices.filter(({ contract }) => contract.personalData);
const others = allServices.filter((service) => !keepers.includes(service) && service.contract.domain !== 'customers');

test('an erasure waits for every service whose contract says personalData, and each acknowledges', async () => {
  const platform = await startTestPlatform({
    services: [customers, ...keepers],
    remote: others.map(({ contract }) => ({ contract, url: 'http://127.0.0.1:9' })),
  });
  try {
    const staff = platform.client(customersContract);
    const { id: customerId } = await staff.createCustomer({ email: 'ada@example.com', emailVerified: true });
    const { services } = await staff.eraseCustomer({ customerId });
    const domains = keepers.map(({ contract }) => contract.domain);
    expect(services.map(({ service }) => service)).toEqual(['customers', ...domains].toSorted());
    await platform.waitForEvent('customer.erased', ({ subject }) => subject === customerId);
    expect((await staff.getErasure({ customerId })).state).toBe('completed');
  } finally {
    await platform.stop();
  }
});
