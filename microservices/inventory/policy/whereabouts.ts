import type { ReservationLine, ReservationState } from '../contract/shapes.ts';

/** Units of one SKU that are wanted, or that are kept. */
export interface Wish {
  sku: string;
  quantity: number;
}

/** Units of one line of a reservation. */
export interface Part extends Wish {
  locationId: string;
}

/** Units that go back, `unshipped` of them never left the shelf. */
export interface ReturnedPart extends Part {
  unshipped: number;
}

export interface ReturnPlan {
  /** Units that go back, by location. */
  lines: ReturnedPart[];
  /** Wishes for more than is left to return; refused when there are any. */
  excess: { sku: string; requested: number; returnable: number }[];
}

type Line = Pick<ReservationLine, 'sku' | 'locationId' | 'quantity' | 'returned' | 'shipped' | 'allocated'>;

/** Units of a committed line that left the shelf and did not come back. */
const outOf = ({ quantity, returned, shipped, allocated }: Line): number => {
  const freed = quantity - shipped - allocated;
  return shipped - (returned - freed);
};

/** Sums wishes of the same SKU. */
export const bySku = (wishes: readonly Wish[]): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of wishes) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
};

/**
 * Chooses which units of a committed reservation go back: first those that left the shelf, then those that were never
 * shipped. Without wishes, all that are left go back.
 */
export const planReturn = (taken: readonly Line[], wishes?: readonly Wish[]): ReturnPlan => {
  const returnable = (line: Line): number => outOf(line) + line.allocated;
  if (!wishes) return { lines: taken.map((line) => partBack(line, returnable(line))).filter(isSome), excess: [] };
  const plan: ReturnPlan = { lines: [], excess: [] };
  for (const [sku, requested] of bySku(wishes)) {
    const ofSku = taken.filter((line) => line.sku === sku);
    const left = ofSku.reduce((sum, line) => sum + returnable(line), 0);
    if (requested > left) plan.excess.push({ sku, requested, returnable: left });
    const shipped = spread(ofSku, requested, outOf);
    const rest = requested - shipped.reduce((sum, { quantity }) => sum + quantity, 0);
    plan.lines.push(
      ...joined(
        shipped,
        spread(ofSku, rest, ({ allocated }) => allocated),
      ),
    );
  }
  return plan;
};

const partBack = (line: Line, quantity: number): ReturnedPart => ({
  sku: line.sku,
  locationId: line.locationId,
  quantity,
  unshipped: quantity - Math.min(quantity, outOf(line)),
});

const isSome = ({ quantity }: Part): boolean => quantity > 0;

const joined = (shipped: readonly Part[], unshipped: readonly Part[]): ReturnedPart[] => {
  const parts = new Map<string, ReturnedPart>();
  for (const part of shipped) parts.set(part.locationId, { ...part, unshipped: 0 });
  for (const part of unshipped) {
    const known = parts.get(part.locationId) ?? { ...part, quantity: 0 };
    parts.set(part.locationId, { ...known, quantity: known.quantity + part.quantity, unshipped: part.quantity });
  }
  return [...parts.values()];
};

/** Takes so many units from lines, in their order, as far as each has some. */
const spread = (lines: readonly Line[], wanted: number, has: (line: Line) => number): Part[] => {
  let remaining = wanted;
  const parts = lines.map((line) => {
    const quantity = Math.max(0, Math.min(remaining, has(line)));
    remaining -= quantity;
    return { sku: line.sku, locationId: line.locationId, quantity };
  });
  return parts.filter(isSome);
};

/**
 * Chooses the allocated units that leave in a parcel, those of the location it leaves from first. Units that are not
 * allocated are left out.
 */
export const planShipment = (lines: readonly Line[], wishes: readonly Wish[], from?: string | null): Part[] =>
  [...bySku(wishes)].flatMap(([sku, quantity]) =>
    spread(
      lines
        .filter((line) => line.sku === sku)
        .toSorted((left, right) => Number(right.locationId === from) - Number(left.locationId === from)),
      quantity,
      ({ allocated }) => allocated,
    ),
  );

/** Allocated units beyond those that will still be shipped: nobody needs them any more. */
export const planFreed = (lines: readonly Line[], open: ReadonlyMap<string, number>): ReturnedPart[] =>
  [...Map.groupBy(lines, ({ sku }) => sku)].flatMap(([sku, ofSku]) => {
    const allocated = ofSku.reduce((sum, line) => sum + line.allocated, 0);
    return spread(ofSku, allocated - (open.get(sku) ?? 0), (line) => line.allocated).map((part) => ({
      ...part,
      unshipped: part.quantity,
    }));
  });

/** A line after parts of it left the shelf or went back. */
export const moved = <L extends Line>(line: L, by: { shipped?: number; returned?: number; unshipped?: number }): L => {
  const { shipped = 0, returned = 0, unshipped = 0 } = by;
  return {
    ...line,
    shipped: line.shipped + shipped,
    returned: line.returned + returned,
    allocated: line.allocated - shipped - unshipped,
  };
};

/** The state of a committed reservation by what became of its units. */
export const stateOf = (lines: readonly Line[]): ReservationState => {
  if (lines.some(({ quantity, returned }) => returned < quantity)) return 'committed';
  return lines.some(({ shipped }) => shipped > 0) ? 'returned' : 'released';
};
