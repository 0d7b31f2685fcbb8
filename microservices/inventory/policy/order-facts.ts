import type { Wish } from './whereabouts.ts';

/**
 * What an order says of its goods. Read later it only says more: parcels are added, open units become fewer, and an
 * order that ended stays so.
 */
export interface OrderFacts {
  orderId: string;
  /** Cancelled or rejected before anything was shipped. */
  calledOff: boolean;
  /** Nothing more will be shipped than is open: it is called off or closed, or the rest of it was cancelled. */
  settled: boolean;
  /** Units by SKU that were neither shipped nor cancelled. */
  open: ReadonlyMap<string, number>;
  parcels: readonly { id: string; lines: readonly Wish[]; locationId: string | null }[];
}
