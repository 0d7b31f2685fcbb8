import { atMost } from '../at-most.ts';
import { openConsumer } from '../consumer.ts';
import { createInFlightWindow } from '../in-flight.ts';
import { goOn, joined, pauseStarting } from './assignment.ts';
import { setBeginning } from './begin.ts';
import { startCommitting } from './commit.ts';
import { takeIn } from './intake.ts';
import type { ConsumeOptions } from './options.ts';
import { pauseAll } from './room.ts';
import type { Engine, Item } from './state.ts';

export interface StopOptions {
  /** Work is aborted after this. Milliseconds. */
  abortAfterMs: number;
  /**
   * Aborted work may take this much longer; then it is left behind, uncommitted. Without a limit when not set.
   * Milliseconds.
   */
  leaveAfterMs?: number;
}

export interface Consuming {
  /**
   * Settles once it reads. Rejects, with nothing left behind, when it could not begin; resolves when it is stopped
   * before.
   */
  started: Promise<void>;
  /**
   * Starts nothing new, waits for what runs, commits what is finished, leaves the group. At any time, also while it
   * begins.
   */
  stop: (options: StopOptions) => Promise<void>;
  /** Messages that are held and not yet handled. */
  unfinished: () => number;
}

/** How long an idle fetch is held, and so how long a paused consumer takes to notice that it may go on. */
const MAX_WAIT_MS = 1_000;
const MAX_BYTES_PER_PARTITION = 256 * 1024;
const STOP_MS = 5_000;

/**
 * Consumes topics as a group with many messages in flight. Of one key one message runs at a time, in order. A position
 * is committed only when all before it is finished. A partition without room is paused, so that a slow message holds up
 * nobody but its key and memory stays bounded. At least once: what was in flight when a process died or a partition
 * moved comes again.
 */
export const startConsuming = (options: ConsumeOptions): Consuming => runEngine(createEngine(options));

/** Starts an engine that was created. */
export const runEngine = (engine: Engine): Consuming => {
  listen(engine);
  const stop = (how: StopOptions): Promise<void> => stopEngine(engine, how);
  const started = begin(engine).catch(async (error: unknown) => {
    if (engine.state === 'stopping') return;
    await stop({ abortAfterMs: 0 });
    throw error;
  });
  return { started, stop, unfinished: () => engine.window.unfinished() };
};

/** The state of one consumer that has not begun. */
export const createEngine = (options: ConsumeOptions): Engine => {
  const consumer = openConsumer(options.kafka, {
    groupId: options.group,
    sessionTimeout: options.timeouts.session,
    rebalanceTimeout: options.timeouts.rebalance,
    heartbeatInterval: 3_000,
    maxWaitTimeInMs: MAX_WAIT_MS,
    maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
  });
  const window = createInFlightWindow<Item>(options.limits);
  const mayCommit = (name: string): boolean => engine.assigned.has(name) && !engine.unchecked.has(name);
  const engine: Engine = {
    options,
    consumer,
    window,
    committing: startCommitting(consumer, window, mayCommit, options),
    state: 'beginning',
    memberId: '',
    membership: undefined,
    assigned: new Set(),
    unchecked: new Set(),
    paused: new Set(),
    begun: new Map(),
    weights: new Map(),
    tasks: new Map(),
  };
  return engine;
};

const listen = (engine: Engine): void => {
  const { consumer, options } = engine;
  const { events } = consumer;
  for (const sign of [events.FETCH, events.HEARTBEAT, events.COMMIT_OFFSETS]) consumer.on(sign, options.onSign);
  consumer.on(events.REBALANCING, () => pauseStarting(engine));
  consumer.on(events.GROUP_JOIN, ({ payload }) => {
    options.onSign();
    joined(engine, payload.memberId, payload.memberAssignment);
  });
  consumer.on(events.CRASH, ({ payload }) => {
    pauseStarting(engine);
    if (!payload.restart && engine.state !== 'stopping') options.onEnd(payload.error);
  });
};

const begin = async (engine: Engine): Promise<void> => {
  const { consumer, options } = engine;
  await consumer.connect();
  // Where retention has removed what would be read next, go on with what is left of it, never behind it.
  await consumer.subscribe({ topics: [...options.topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: (payload) => takeIn(engine, payload),
  });
  await setBeginning(engine);
  if (engine.state !== 'beginning') return;
  engine.state = 'rebalancing';
  // A first join that failed is tried again in the background.
  if (engine.membership) await goOn(engine);
};

const stopEngine = async (engine: Engine, { abortAfterMs, leaveAfterMs = Infinity }: StopOptions): Promise<void> => {
  engine.state = 'stopping';
  pauseAll(engine);
  if (abortAfterMs > 0) await atMost(settled(engine), abortAfterMs);
  for (const { cut } of engine.tasks.values()) cut.abort();
  await atMost(settled(engine), leaveAfterMs);
  await atMost(engine.committing.stop(), STOP_MS);
  await atMost(engine.consumer.disconnect(), STOP_MS);
};

const settled = ({ tasks }: Engine): Promise<unknown> =>
  Promise.all([...tasks.values()].map(({ finished }) => finished));
