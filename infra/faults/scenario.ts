import type { PlatformUnderTest } from './platform-under-test.ts';
import type { Findings } from './audit.ts';

/** One fault, in two sizes. */
export interface Scenario {
  name: string;
  /** True when orders are expected to come to an end (the journey runs during it). */
  ordersSettle: boolean;
  run(platform: PlatformUnderTest, size: 'short' | 'full'): Promise<Findings>;
}
