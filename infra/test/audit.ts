import type { TestPlatform } from './platform.ts';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { auditContract } from '../../microservices/audit/contract.ts';
import type { Entry } from '../../microservices/audit/contract/values.ts';

type Filter = Parameters<ReturnType<typeof auditClient>['listEntries']>[0];

export const auditClient = (platform: TestPlatform) => platform.client(auditContract);

/** The entries that fit, oldest first, once there are so many of them. */
export const entriesOf = (platform: TestPlatform, filter: Filter, count: number): Promise<Entry[]> =>
  untilWithin(20_000)(
    `${count} entries are in the trail`,
    async () => (await auditClient(platform).listEntries({ limit: 200, ...filter })).items.toReversed(),
    (entries) => entries.length >= count,
  );
