import { afterAll, beforeAll, describe } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Bench, OpenedKeyValue } from './port-contract/bench.ts';
import { describeByVersion } from './port-contract/by-version.ts';
import { describeClocks } from './port-contract/clocks.ts';
import { describeCompareAndSet } from './port-contract/compare-and-set.ts';
import { describeCounters } from './port-contract/counters.ts';
import { describeRefusals } from './port-contract/refusals.ts';
import { describeSortedSets } from './port-contract/sorted-sets.ts';
import { describeTimeToLive } from './port-contract/time-to-live.ts';
import { describeValues } from './port-contract/values.ts';

/** The promises of the KeyValue port, as tests. Every adapter runs them all against its real engine. */
export const describeKeyValuePort = (adapter: string, open: () => Promise<OpenedKeyValue>): void => {
  describe(`KeyValue port on ${adapter}`, () => {
    let opened: OpenedKeyValue;
    const at: Bench = {
      space: `test-${randomUUID()}`,
      newKey: () => randomUUID(),
      get store() {
        return opened.store;
      },
      get behind() {
        return opened.behind;
      },
    };

    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    describeValues(at);
    describeTimeToLive(at);
    describeCompareAndSet(at);
    describeByVersion(at);
    describeClocks(at);
    describeCounters(at);
    describeSortedSets(at);
    describeRefusals(at);
  });
};
