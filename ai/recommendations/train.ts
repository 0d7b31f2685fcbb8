import { likenessOf } from './model/attributes.ts';
import { trainEase, type Ease } from './model/ease.ts';
import { trainNeighbours, type Neighbours } from './model/neighbours.ts';

/** What a shop's recommendations are learnt from; plain data, so that it can be sent to a thread. */
export interface TrainingInput {
  /** Items of each customer, oldest first. */
  histories: readonly (readonly number[])[];
  items: number;
  /** Attributes of each item, such as its brand and categories; none when left out. */
  attributes?: readonly (readonly string[])[];
}

/** Models of one training. */
export interface Trained {
  neighbours: Neighbours;
  /** Null where the catalog is too large for it. */
  ease: Ease | null;
}

/** Items up to which EASE is trained: half a minute of processor time, and 100 MB of weights. */
const EASE_ITEMS = 5_000;

/**
 * Learns both models of a shop. Takes up to a minute: run it in a thread (`runInThread`). The same input gives the same
 * bytes.
 */
export const train = ({ histories, items, attributes }: TrainingInput): Trained => ({
  neighbours: trainNeighbours({ histories, items, ...(attributes && { likeness: likenessOf(attributes) }) }),
  ease: items > 0 && items <= EASE_ITEMS ? trainEase(histories, items) : null,
});
