import { createDemoData } from '../../local/demo-data.ts';
import { allServices } from '../../platform/services.ts';
import { startTestPlatform, type TestPlatform, type TestPlatformOptions } from '../platform.ts';
import { startReceiver } from './receiver.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

const environment = {
  // Many new people, whose mails all come from this machine.
  CODES_PER_NETWORK_AND_HOUR: '100000',
  CODES_PER_HOUR: '1000000',
  PUSH_ALLOW_PRIVATE: 'loopback',
  // Each made subscription counts, in every recipe that makes one.
  PUSH_SUBSCRIPTIONS: '1000',
  // A score that took too long is not recorded, and opens no review.
  FRAUD_DEADLINE_MS: '30000',
};

/** Every service with the demo shop, and a workshop that makes inputs for each of their operations. */
export const startWholePlatform = async (
  options: Partial<TestPlatformOptions> = {},
): Promise<{ platform: TestPlatform; workshop: Workshop }> => {
  const platform = await startTestPlatform({
    services: allServices,
    // Every consumer asks for every partition again and again: with six, that is a third of all the work.
    partitions: 1,
    collectsEvents: false,
    ...options,
    environment: { ...environment, ...options.environment },
  });
  const receiver = await startReceiver();
  await createDemoData(platform.url, platform.adminKey);
  const contracts = allServices.map(({ contract }) => contract);
  const stop = async (): Promise<void> => {
    await platform.stop();
    await receiver.close();
  };
  return {
    platform: { ...platform, stop },
    workshop: openWorkshop(contracts, platform.url, platform.adminKey, receiver),
  };
};
