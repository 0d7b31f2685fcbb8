import { setTimeout as sleep } from 'node:timers/promises';
import type { EachBatchPayload } from 'kafkajs';
import { goOn } from './assignment.ts';
import type { ReceivedMessage } from './options.ts';
import { hasRoom } from './room.ts';
import { nameOf, startOf, type Engine } from './state.ts';
import { startAllowed } from './work.ts';

const NOT_NOW_MS = 50;
/** Bytes of a message besides its value: headers and bookkeeping, roughly. */
const MESSAGE_OVERHEAD_BYTES = 500;

/** Takes a fetched batch into the window as far as there is room; the rest is fetched again when there is. */
export const takeIn = async (engine: Engine, payload: EachBatchPayload): Promise<void> => {
  const { topic, partition, messages } = payload.batch;
  const name = nameOf(topic, partition);
  // Not resolved, so it comes again.
  if (engine.state !== 'reading' || payload.isStale() || !engine.assigned.has(name)) return sleep(NOT_NOW_MS);
  const start = startOf(engine.options, name);
  const first = messages.find(({ offset }) => BigInt(offset) >= start);
  if (first && liesBehind(engine, name, BigInt(first.offset))) return checkPosition(engine, name);
  if (first && !engine.begun.has(name)) engine.begun.set(name, BigInt(first.offset));
  let taken = 0;
  for (const message of messages) {
    if (!hasRoom(engine, name)) break;
    if (BigInt(message.offset) < start) engine.window.skip(name, BigInt(message.offset));
    else take(engine, name, { topic, partition, message });
    payload.resolveOffset(message.offset);
    taken += 1;
  }
  if (taken < messages.length) {
    engine.paused.add(name);
    payload.pause();
  }
  // Records that are no messages, such as the markers of transactions, end a batch too.
  if (taken === messages.length) engine.window.skip(name, BigInt(payload.batch.lastOffset()));
  startAllowed(engine);
  engine.committing.skipped();
};

/** True for an offset before the one that was committed, or where nothing was committed, before the one we began at. */
const liesBehind = (engine: Engine, name: string, first: bigint): boolean =>
  first < (engine.committing.committed(name) ?? engine.begun.get(name) ?? first);

/**
 * The topic was made anew, the group was set back, or the position was looked up at a join a moment before our commit:
 * the group's committed offset tells which. What was fetched is not resolved, so that it comes again.
 */
const checkPosition = (engine: Engine, name: string): Promise<void> => {
  engine.unchecked.add(name);
  void goOn(engine);
  return sleep(NOT_NOW_MS);
};

const take = (engine: Engine, name: string, received: ReceivedMessage): void => {
  const { options, window, weights } = engine;
  const { message } = received;
  const offset = BigInt(message.offset);
  if (!options.wants(received)) return window.skip(name, offset);
  const weight = weights.get(name) ?? { bytes: 0 };
  weights.set(name, weight);
  const bytes = (message.value?.length ?? 0) + MESSAGE_OVERHEAD_BYTES;
  const isNew = window.add(name, offset, message.key?.toString() ?? null, { received, bytes, weight, lost: false });
  if (isNew) weight.bytes += bytes;
};
