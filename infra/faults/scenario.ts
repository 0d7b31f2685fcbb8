import type { World } from './world.ts';
import type { Findings } from './audit.ts';

/** One way the world goes wrong, in two sizes. */
export interface Scenario {
  name: string;
  /** True when orders are expected to come to an end (the journey runs during it). */
  ordersSettle: boolean;
  run(world: World, size: 'short' | 'full'): Promise<Findings>;
}
