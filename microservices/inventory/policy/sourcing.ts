/** One line of a wish: units of one SKU, from one location if named. */
export interface Wanted {
  sku: string;
  quantity: number;
  locationId?: string | undefined;
}

/** One location that could give of one SKU. */
export interface Candidate {
  sku: string;
  locationId: string;
  /** on hand − reserved − safety; may be negative. */
  available: number;
  backorderable: boolean;
  /** How far below zero available may go; null for no limit. */
  backorderLimit: number | null;
  country: string;
  priority: number;
}

/** Units taken of one SKU from one location, `backordered` of them not in stock. */
export interface Taken {
  sku: string;
  locationId: string;
  quantity: number;
  backordered: number;
}

export interface Short {
  sku: string;
  requested: number;
  available: number;
}

/** How many units each location gives, and what is missing; complete when nothing is short. */
export interface Plan {
  taken: Taken[];
  short: Short[];
}

/**
 * Sums lines of the same SKU and location: a bundle's parts count together, so they cannot each pass a check that their
 * sum fails.
 */
export const mergeWanted = (wanted: readonly Wanted[]): Wanted[] => {
  const merged = new Map<string, Wanted>();
  for (const { sku, quantity, locationId } of wanted) {
    const key = `${sku} ${locationId ?? ''}`;
    merged.set(key, { sku, locationId, quantity: quantity + (merged.get(key)?.quantity ?? 0) });
  }
  return [...merged.values()];
};

interface Source extends Candidate {
  /** Units in stock that this plan has not taken yet. */
  free: number;
  /** Units that may still be reserved beyond stock. */
  beyond: number;
  /** Units that this plan takes from here. */
  taken: number;
  backordered: number;
}

interface OpenLine extends Wanted {
  remaining: number;
}

/**
 * Chooses locations for a reservation: lines with a location first; then again and again the location that gives the
 * most whole lines (greedy set cover: few shipments), the near country and the lower priority number deciding between
 * equals; a line no single location can give is split over the largest stocks (the fewest units of a split); what stock
 * cannot give is backordered where that is allowed.
 */
export const planReservation = (wanted: readonly Wanted[], candidates: readonly Candidate[], near?: string): Plan => {
  const sources = candidates.map(toSource);
  const lines: OpenLine[] = mergeWanted(wanted).map((line) => ({ ...line, remaining: line.quantity }));
  const rank = byPreference(near);
  for (const line of lines.filter(({ locationId }) => locationId !== undefined)) takeAnywhere(line, sources, rank);
  const free = lines.filter(({ locationId }) => locationId === undefined);
  takeWholeLines(free, sources, rank);
  for (const line of free) takeAnywhere(line, sources, rank);
  return { taken: takenFrom(sources), short: shortOf(lines) };
};

const toSource = (candidate: Candidate): Source => ({
  ...candidate,
  free: Math.max(0, candidate.available),
  beyond: candidate.backorderable
    ? Math.max(0, (candidate.backorderLimit ?? Infinity) + Math.min(0, candidate.available))
    : 0,
  taken: 0,
  backordered: 0,
});

type Rank = (left: Source, right: Source) => number;

const byPreference =
  (near: string | undefined): Rank =>
  (left, right) =>
    Number(right.country === near) - Number(left.country === near) ||
    left.priority - right.priority ||
    compare(left.locationId, right.locationId);

const compare = (left: string, right: string): number => (left < right ? -1 : Number(left > right));

const takeWholeLines = (lines: readonly OpenLine[], sources: readonly Source[], rank: Rank): void => {
  const byLocation = Map.groupBy(sources, ({ locationId }) => locationId);
  for (;;) {
    const offers = [...byLocation.values()].map((stock) => wholeLines(lines, stock)).filter(({ length }) => length > 0);
    const [best] = offers.toSorted((left, right) => right.length - left.length || rankOf(rank, left, right));
    if (!best) return;
    for (const { line, source } of best) take(line, source, line.remaining, 0);
  }
};

interface Offer {
  line: OpenLine;
  source: Source;
}

/** The open lines that one location's stock can give whole. */
const wholeLines = (lines: readonly OpenLine[], stock: readonly Source[]): Offer[] => {
  const bySku = new Map(stock.map((source) => [source.sku, source]));
  return lines.flatMap((line) => {
    const source = bySku.get(line.sku);
    return source && line.remaining > 0 && source.free >= line.remaining ? [{ line, source }] : [];
  });
};

/** By the best source of each: which line comes first decides nothing. */
const rankOf = (rank: Rank, left: readonly Offer[], right: readonly Offer[]): number => {
  const [ofLeft, ofRight] = [left, right].map((offers) => offers.map(({ source }) => source).toSorted(rank)[0]);
  return ofLeft && ofRight ? rank(ofLeft, ofRight) : 0;
};

/** Largest stock first, then beyond stock where it is allowed, first where the line already takes units. */
const takeAnywhere = (line: OpenLine, sources: readonly Source[], rank: Rank): void => {
  const own = sources.filter(
    ({ sku, locationId }) => sku === line.sku && (line.locationId ?? locationId) === locationId,
  );
  for (const source of own.toSorted((left, right) => right.free - left.free || rank(left, right))) {
    take(line, source, Math.min(source.free, line.remaining), 0);
  }
  for (const source of own.toSorted(
    (left, right) => Number(right.taken > 0) - Number(left.taken > 0) || rank(left, right),
  )) {
    const units = Math.min(source.beyond, line.remaining);
    take(line, source, units, units);
  }
};

const take = (line: OpenLine, source: Source, units: number, backordered: number): void => {
  line.remaining -= units;
  source.taken += units;
  source.backordered += backordered;
  source.free -= units - backordered;
  source.beyond -= backordered;
};

const takenFrom = (sources: readonly Source[]): Taken[] =>
  sources
    .filter(({ taken }) => taken > 0)
    .map(({ sku, locationId, taken, backordered }) => ({ sku, locationId, quantity: taken, backordered }))
    .toSorted((left, right) => compare(left.sku, right.sku) || compare(left.locationId, right.locationId));

/** Per SKU, because a person reads it: how many were wanted in all and how many can be had. */
const shortOf = (lines: readonly OpenLine[]): Short[] =>
  [...Map.groupBy(lines, ({ sku }) => sku)]
    .map(([sku, ofSku]) => {
      const requested = ofSku.reduce((sum, { quantity }) => sum + quantity, 0);
      return { sku, requested, available: requested - ofSku.reduce((sum, { remaining }) => sum + remaining, 0) };
    })
    .filter(({ requested, available }) => available < requested)
    .toSorted((left, right) => compare(left.sku, right.sku));
