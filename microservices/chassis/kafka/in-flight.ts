/** How much may be on its way at once. */
export interface InFlightLimits {
  /** Running at once over all partitions. */
  overall: number;
  /** Running at once of one partition. */
  perPartition: number;
  /** Taken from one partition and not yet behind its position: running, waiting, or finished behind a slower one. */
  held: number;
}

/** A message that was taken in. */
export interface InFlightEntry<Item> {
  readonly partition: string;
  readonly offset: bigint;
  readonly key: string | null;
  readonly item: Item;
}

/**
 * The window between what was read from Kafka's partitions and what may be committed. It does no I/O: the caller reads,
 * works, commits, and pauses partitions that have no room. A partition is any text that names one, such as
 * `commerce.orders/3`.
 *
 * Promises: of entries with the same key, whatever their partitions, one runs at a time, in the order they came in;
 * never more than the limits run; a position passes an entry only when it and all before it are finished; an offset
 * that was taken in before is not taken in again.
 */
export interface InFlightWindow<Item> {
  /**
   * Takes a message in; false, with nothing changed, when its offset lies before one that was taken in already (a
   * redelivery to us).
   */
  add(partition: string, offset: bigint, key: string | null, item: Item): boolean;
  /**
   * Takes in a message that nobody wants: it is finished at once. Any number of them behind a slow one costs no memory.
   */
  skip(partition: string, offset: bigint): void;
  /** Messages that may start now; the caller works on each and then calls `finish`. */
  start(): InFlightEntry<Item>[];
  /**
   * An entry is done with for good (delivered or dead-lettered): its key's next may start, its partition's position may
   * move.
   */
  finish(entry: InFlightEntry<Item>): void;
  /**
   * The offset to commit: everything before it is finished. Undefined when nothing was finished since the partition
   * came.
   */
  position(partition: string): bigint | undefined;
  /** The partitions known, to commit their positions. */
  partitions(): string[];
  /** How many messages of a partition are held: running, waiting, or finished behind a slower one. */
  held(partition: string): number;
  /** True when a partition may be read on; pause it otherwise. */
  hasRoom(partition: string): boolean;
  /**
   * The partition belongs to somebody else now. What waits is dropped; what runs is answered, to be cut short, and
   * keeps its key busy until it is finished, but moves no position any more.
   */
  forget(partition: string): InFlightEntry<Item>[];
  running(): number;
  /** Taken in and not finished, running included. */
  unfinished(): number;
}

interface Held<Item> extends InFlightEntry<Item> {
  lane: Lane<Item>;
  state: 'waiting' | 'running' | 'finished';
}

interface Lane<Item> {
  /** In the order of their offsets; `skippedTo` markers stand for runs of unwanted messages. */
  held: (Held<Item> | { skippedTo: bigint })[];
  /** Waiting entries whose key is free. */
  ready: Held<Item>[];
  running: number;
  /** The entries among `held`. */
  entries: number;
  last: bigint;
  position: bigint | undefined;
}

interface Inside<Item> {
  limits: InFlightLimits;
  lanes: Map<string, Lane<Item>>;
  /** The first of each queue is ready or running, the others wait for it. */
  queues: Map<string, Held<Item>[]>;
  running: number;
  unfinished: number;
}

/** An empty window. */
export const createInFlightWindow = <Item>(limits: InFlightLimits): InFlightWindow<Item> => {
  const inside: Inside<Item> = { limits, lanes: new Map(), queues: new Map(), running: 0, unfinished: 0 };
  return {
    add: (partition, offset, key, item) => add(inside, partition, offset, key, item),
    skip: (partition, offset) => skip(laneOf(inside, partition), offset),
    start: () => start(inside),
    // Only messages that were made here are handed out.
    finish: (entry) => finish(inside, entry as Held<Item>),
    position: (partition) => inside.lanes.get(partition)?.position,
    partitions: () => [...inside.lanes.keys()],
    held: (partition) => inside.lanes.get(partition)?.entries ?? 0,
    hasRoom: (partition) => (inside.lanes.get(partition)?.entries ?? 0) < limits.held,
    forget: (partition) => forget(inside, partition),
    running: () => inside.running,
    unfinished: () => inside.unfinished,
  };
};

const laneOf = <Item>(inside: Inside<Item>, partition: string): Lane<Item> => {
  const known = inside.lanes.get(partition);
  if (known) return known;
  const lane: Lane<Item> = { held: [], ready: [], running: 0, entries: 0, last: -1n, position: undefined };
  inside.lanes.set(partition, lane);
  return lane;
};

const add = <Item>(
  inside: Inside<Item>,
  partition: string,
  offset: bigint,
  key: string | null,
  item: Item,
): boolean => {
  const lane = laneOf(inside, partition);
  if (offset <= lane.last) return false;
  const entry: Held<Item> = { partition, offset, key, item, lane, state: 'waiting' };
  lane.last = offset;
  lane.held.push(entry);
  lane.entries += 1;
  inside.unfinished += 1;
  const queue = key === null ? undefined : inside.queues.get(key);
  if (queue) queue.push(entry);
  else {
    if (key !== null) inside.queues.set(key, [entry]);
    lane.ready.push(entry);
  }
  return true;
};

const skip = <Item>(lane: Lane<Item>, offset: bigint): void => {
  if (offset <= lane.last) return;
  lane.last = offset;
  const end = lane.held.at(-1);
  if (end && 'skippedTo' in end) end.skippedTo = offset;
  else lane.held.push({ skippedTo: offset });
  advance(lane);
};

/** Takes one from each partition in turn, so that a busy partition does not keep the others out. */
const start = <Item>(inside: Inside<Item>): Held<Item>[] => {
  const started: Held<Item>[] = [];
  for (let found = true; found;) {
    found = false;
    for (const lane of inside.lanes.values()) {
      if (inside.running >= inside.limits.overall) return started;
      const next = lane.running < inside.limits.perPartition ? lane.ready.shift() : undefined;
      if (!next) continue;
      next.state = 'running';
      lane.running += 1;
      inside.running += 1;
      started.push(next);
      found = true;
    }
  }
  return started;
};

const finish = <Item>(inside: Inside<Item>, entry: Held<Item>): void => {
  if (entry.state !== 'running') return;
  entry.state = 'finished';
  entry.lane.running -= 1;
  inside.running -= 1;
  inside.unfinished -= 1;
  leaveQueue(inside, entry);
  advance(entry.lane);
};

const leaveQueue = <Item>({ queues }: Inside<Item>, entry: Held<Item>): void => {
  const queue = entry.key === null ? undefined : queues.get(entry.key);
  if (!queue || entry.key === null) return;
  const wasFirst = queue[0] === entry;
  queue.splice(queue.indexOf(entry), 1);
  const [next] = queue;
  if (!next) queues.delete(entry.key);
  else if (wasFirst) next.lane.ready.push(next);
};

const forget = <Item>(inside: Inside<Item>, partition: string): Held<Item>[] => {
  const lane = inside.lanes.get(partition);
  if (!lane) return [];
  inside.lanes.delete(partition);
  const entries = lane.held.filter((entry) => 'state' in entry);
  for (const entry of entries.filter(({ state }) => state === 'waiting')) {
    entry.state = 'finished';
    inside.unfinished -= 1;
    leaveQueue(inside, entry);
  }
  return entries.filter(({ state }) => state === 'running');
};

/** Moves the position over what is finished at the front. */
const advance = <Item>(lane: Lane<Item>): void => {
  for (let first = lane.held[0]; first; first = lane.held[0]) {
    if ('skippedTo' in first) lane.position = first.skippedTo + 1n;
    else if (first.state === 'finished') {
      lane.position = first.offset + 1n;
      lane.entries -= 1;
    } else return;
    lane.held.shift();
  }
};
