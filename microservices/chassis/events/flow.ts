import { setTimeout as sleep } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { createInFlightWindow, type InFlightEntry, type InFlightWindow } from '../kafka/in-flight.ts';
import type { Logger } from '../telemetry/log.ts';
import { openConsumer } from '../kafka/consumer.ts';
import { fetchCommitted } from '../kafka/offsets.ts';

/** A message and where it lies. */
export interface ReceivedMessage {
  topic: string;
  partition: number;
  message: KafkaMessage;
}

/** Per topic and partition, the offset to begin with where the group has no position of its own. */
export type StartOffsets = Record<string, Record<string, string>>;

export interface FlowOptions {
  kafka: Kafka;
  group: string;
  topics: readonly string[];
  /** Where nothing is said for a partition, it begins with the oldest message kept. */
  startAt: StartOffsets;
  limits: { overall: number; perPartition: number };
  /** Whether a message is worth the work; what is not is passed over at once. */
  wants: (received: ReceivedMessage) => boolean;
  /**
   * Deals with one message for good: `done` lets the position pass it. `left` keeps it for whoever consumes next, and is for the end of the flow
   * only: later messages go on, but the position never passes. Aborted when the flow ends or the partition went to another process. When it
   * throws it is called again.
   */
  work: (received: ReceivedMessage, signal: AbortSignal) => Promise<'done' | 'left'>;
  /** Runs before positions are committed; when it throws they are not. */
  beforeCommit?: () => Promise<void>;
  log: Logger;
}

export interface Flow {
  /** Settles once it reads. Rejects, and then nothing is left of it, when it could not begin; resolves when it is stopped before. */
  started: Promise<void>;
  /** False when it has come to an end by itself or shows no sign of life: start another. */
  isAlive(): boolean;
  /** Starts nothing new, gives what is in flight this long, cuts the rest short, commits what is finished, leaves the group. Also while it begins. */
  stop(patienceMs: number): Promise<void>;
}

const HELD_PER_PARTITION = 500;
const HELD_BYTES = 8_000_000;
/** What a message weighs besides its value: headers and bookkeeping, roughly. */
const MESSAGE_OVERHEAD_BYTES = 500;
const COMMIT_EVERY_MS = 500;
const THROWN_AGAIN_MS = 1_000;
/** Consumers fetch or heartbeat every few seconds; one that has not for this long never will. */
const SILENCE_MS = 120_000;

/** What is unfinished of one partition, while it is ours. */
interface Weight {
  bytes: number;
}

interface Item {
  /** Let go when the work is done: a finished message may have to wait behind a slower one. */
  received: ReceivedMessage | undefined;
  bytes: number;
  weight: Weight;
  /** Its partition belongs to somebody else now. */
  orphan: boolean;
}

interface Inside {
  options: FlowOptions;
  consumer: Consumer;
  window: InFlightWindow<Item>;
  tasks: Map<InFlightEntry<Item>, { cut: AbortController; finished: Promise<void> }>;
  paused: Set<string>;
  assigned: Set<string>;
  committed: Map<string, bigint>;
  weights: Map<string, Weight>;
  memberId: string;
  stopping: boolean;
  crashed: boolean;
  lastSign: number;
}

/**
 * Consumes topics as a group with many messages in flight: those of one key one after the other, a position that moves only over what is
 * finished with all before it, and partitions paused while they have no room, so that a slow message holds up nobody but its key and memory
 * stays bounded. At least once: what was in flight when a process died or a partition moved comes again.
 */
export const startFlow = (options: FlowOptions): Flow => {
  const consumer = openConsumer(options.kafka, {
    groupId: options.group,
    sessionTimeout: 30_000,
    rebalanceTimeout: 60_000,
    heartbeatInterval: 3_000,
    maxWaitTimeInMs: 1_000,
    maxBytesPerPartition: 262_144,
  });
  const inside: Inside = {
    options,
    consumer,
    window: createInFlightWindow({ ...options.limits, held: HELD_PER_PARTITION }),
    tasks: new Map(),
    paused: new Set(),
    assigned: new Set(),
    committed: new Map(),
    weights: new Map(),
    memberId: '',
    stopping: false,
    crashed: false,
    lastSign: Date.now(),
  };
  listen(inside);
  const committing = commitNowAndThen(inside);
  const stop = async (patienceMs: number): Promise<void> => {
    inside.stopping = true;
    await Promise.race([settled(inside), sleep(patienceMs, undefined, { ref: false })]);
    for (const { cut } of inside.tasks.values()) cut.abort();
    await settled(inside);
    await committing.stop();
    await consumer.disconnect();
  };
  const started = begin(inside).catch(async (error: unknown) => {
    if (inside.stopping) return;
    inside.crashed = true;
    await stop(0);
    throw error;
  });
  return { started, isAlive: () => !inside.crashed && Date.now() - inside.lastSign < SILENCE_MS, stop };
};

const begin = async (inside: Inside): Promise<void> => {
  const { consumer, options } = inside;
  await consumer.connect();
  await consumer.subscribe({ topics: [...options.topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: async (payload) => takeIn(inside, payload),
  });
};

const settled = async ({ tasks }: Inside): Promise<void> => {
  await Promise.all([...tasks.values()].map(({ finished }) => finished));
};

const listen = (inside: Inside): void => {
  const { consumer } = inside;
  const alive = (): void => {
    inside.lastSign = Date.now();
  };
  consumer.on(consumer.events.FETCH, alive);
  consumer.on(consumer.events.HEARTBEAT, alive);
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    inside.crashed ||= !payload.restart;
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    alive();
    joined(inside, payload.memberId, payload.memberAssignment);
  });
};

const nameOf = (topic: string, partition: number): string => `${topic}/${partition}`;
const partsOf = (name: string): { topic: string; partition: number } => {
  const at = name.lastIndexOf('/');
  return { topic: name.slice(0, at), partition: Number(name.slice(at + 1)) };
};

/**
 * The group's coordinator shared the partitions out anew. Under the same member id nobody else had ours in between, so those that stay go on
 * where they are; a new id means we were thought dead, and all is read again from the committed positions.
 */
const joined = (inside: Inside, memberId: string, assignment: Record<string, number[]>): void => {
  const now = new Set(Object.entries(assignment).flatMap(([topic, all]) => all.map((one) => nameOf(topic, one))));
  const kept = memberId === inside.memberId ? now : new Set<string>();
  for (const name of inside.window.partitions().filter((known) => !kept.has(known))) {
    for (const entry of inside.window.forget(name)) {
      entry.item.orphan = true;
      inside.tasks.get(entry)?.cut.abort();
    }
    inside.committed.delete(name);
    inside.weights.delete(name);
  }
  const added = [...now].filter((name) => !(kept.has(name) && inside.assigned.has(name)));
  inside.memberId = memberId;
  inside.assigned = now;
  makeRoom(inside);
  if (inside.stopping) return;
  void seekToStart(inside, added).catch((err: unknown) =>
    // Then the partitions are read from their oldest message, and what lies before the start is passed over.
    inside.options.log.warn({ err, group: inside.options.group }, 'the start positions could not be looked up'),
  );
};

const seekToStart = async ({ options, consumer, assigned }: Inside, names: readonly string[]): Promise<void> => {
  const wanted = names.filter((name) => startOf(options, name) > 0n);
  if (wanted.length === 0) return;
  const admin = options.kafka.admin();
  await admin.connect();
  try {
    const topics = [...new Set(wanted.map((name) => partsOf(name).topic))];
    const positions = await fetchCommitted(admin, options.group, topics);
    const without = new Set(
      positions.flatMap(({ topic, partitions }) =>
        partitions.filter(({ offset }) => offset === '-1').map(({ partition }) => nameOf(topic, partition)),
      ),
    );
    for (const name of wanted.filter((one) => without.has(one) && assigned.has(one)))
      consumer.seek({ ...partsOf(name), offset: startOf(options, name).toString() });
  } finally {
    await admin.disconnect();
  }
};

const startOf = ({ startAt }: FlowOptions, name: string): bigint => {
  const { topic, partition } = partsOf(name);
  return BigInt(startAt[topic]?.[partition] ?? 0);
};

/** Puts a batch into the window, as far as there is room; the rest is fetched again when there is. */
const takeIn = (inside: Inside, payload: EachBatchPayload): void => {
  const { topic, partition, messages } = payload.batch;
  const name = nameOf(topic, partition);
  if (inside.stopping || !inside.assigned.has(name)) return;
  const start = startOf(inside.options, name);
  for (const message of messages) {
    if (!inside.window.hasRoom(name) || heldBytes(inside) >= HELD_BYTES) {
      payload.pause();
      inside.paused.add(name);
      break;
    }
    const offset = BigInt(message.offset);
    const received = { topic, partition, message };
    if (offset < start || !inside.options.wants(received)) inside.window.skip(name, offset);
    else hold(inside, name, offset, received);
    payload.resolveOffset(message.offset);
  }
  pump(inside);
};

const hold = (inside: Inside, name: string, offset: bigint, received: ReceivedMessage): void => {
  const { message } = received;
  const weight = inside.weights.get(name) ?? { bytes: 0 };
  inside.weights.set(name, weight);
  const bytes = (message.value?.length ?? 0) + MESSAGE_OVERHEAD_BYTES;
  const item: Item = { received, bytes, weight, orphan: false };
  if (inside.window.add(name, offset, message.key?.toString() ?? null, item)) weight.bytes += bytes;
};

const heldBytes = ({ weights }: Inside): number => [...weights.values()].reduce((sum, { bytes }) => sum + bytes, 0);

const pump = (inside: Inside): void => {
  if (inside.stopping) return;
  for (const entry of inside.window.start()) {
    const cut = new AbortController();
    const finished = workOn(inside, entry, cut.signal).finally(() => {
      inside.tasks.delete(entry);
      pump(inside);
    });
    inside.tasks.set(entry, { cut, finished });
  }
};

const workOn = async (inside: Inside, entry: InFlightEntry<Item>, signal: AbortSignal): Promise<void> => {
  const { received } = entry.item;
  while (received && !signal.aborted) {
    try {
      if ((await inside.options.work(received, signal)) === 'left') break;
      return finish(inside, entry);
    } catch (err) {
      inside.options.log.error({ err, group: inside.options.group }, 'a message could not be dealt with; trying again');
      await sleep(THROWN_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  // Cut short because the partition went away: its key is free again. What was left at the end of the flow stays where it is.
  if (entry.item.orphan) finish(inside, entry);
};

const finish = (inside: Inside, entry: InFlightEntry<Item>): void => {
  entry.item.received = undefined;
  entry.item.weight.bytes -= entry.item.bytes;
  inside.window.finish(entry);
  makeRoom(inside);
};

/** Reads on only when half is free, so that a full partition is not fetched again for every message that ends. */
const makeRoom = (inside: Inside): void => {
  if (inside.paused.size === 0 || heldBytes(inside) > HELD_BYTES / 2) return;
  for (const name of inside.paused) {
    if (inside.window.held(name) > HELD_PER_PARTITION / 2) continue;
    const { topic, partition } = partsOf(name);
    inside.consumer.resume([{ topic, partitions: [partition] }]);
    inside.paused.delete(name);
  }
};

const commitNowAndThen = (inside: Inside): { stop: () => Promise<void> } => {
  let running: Promise<void> = Promise.resolve();
  const commit = (): void => {
    running = running.then(() =>
      commitPositions(inside).catch((err: unknown) =>
        // While the group is shared out anew nothing can be committed; the next time does, or somebody else goes on from before.
        inside.options.log.debug({ err, group: inside.options.group }, 'positions could not be committed'),
      ),
    );
  };
  const timer = setInterval(commit, COMMIT_EVERY_MS).unref();
  return {
    stop: () => {
      clearInterval(timer);
      commit();
      return running;
    },
  };
};

const commitPositions = async (inside: Inside): Promise<void> => {
  const moved = inside.window.partitions().flatMap((name) => {
    const position = inside.window.position(name);
    return position === undefined || position === inside.committed.get(name) ? [] : [{ name, position }];
  });
  if (moved.length === 0) return;
  await inside.options.beforeCommit?.();
  const offsets = moved
    .filter(({ name }) => inside.assigned.has(name))
    .map(({ name, position }) => ({ ...partsOf(name), offset: position.toString() }));
  await inside.consumer.commitOffsets(offsets);
  for (const { name, position } of moved) inside.committed.set(name, position);
};
