import { setTimeout as sleep } from 'node:timers/promises';
import { fetchCommitted } from '../offsets.ts';
import { makeRoom } from './room.ts';
import { letGo, nameOf, partsOf, startOf, type Engine } from './state.ts';
import { startAllowed } from './work.ts';

const AGAIN_MS = 500;

/** The group rebalances or the connection is lost: nothing new starts until the group was joined again. */
export const pauseStarting = (engine: Engine): void => {
  engine.membership = undefined;
  if (engine.state === 'reading') engine.state = 'rebalancing';
};

/**
 * After a join: what was taken from us is let go, what is left goes on where it was. Under the same member id nobody
 * else had it in between. Under a new one somebody may have: then the offsets that the group has committed tell.
 */
export const joined = (engine: Engine, memberId: string, assignment: Record<string, number[]>): void => {
  const now = new Set(Object.entries(assignment).flatMap(([topic, all]) => all.map((one) => nameOf(topic, one))));
  const isSameMember = memberId === engine.memberId;
  const held = new Set(engine.window.partitions());
  for (const name of held) if (!now.has(name)) letGo(engine, name);
  for (const name of engine.unchecked) if (!now.has(name)) engine.unchecked.delete(name);
  for (const name of now) {
    const isNew = !isSameMember || !engine.assigned.has(name);
    if (isNew && (held.has(name) || startOf(engine.options, name) > 0n)) engine.unchecked.add(name);
  }
  engine.memberId = memberId;
  engine.assigned = now;
  engine.membership = {};
  // Before the beginning is set, and after the end, nothing is taken in.
  if (engine.state === 'reading' || engine.state === 'rebalancing') void goOn(engine);
};

/** Reads and starts again, once it is known where the group stands on each partition. */
export const goOn = async (engine: Engine): Promise<void> => {
  const { membership } = engine;
  const isCurrent = (): boolean => engine.membership === membership && engine.state !== 'stopping';
  engine.state = 'rebalancing';
  while (engine.unchecked.size > 0 && isCurrent()) {
    try {
      const committed = await committedOffsets(engine);
      if (isCurrent()) for (const name of engine.unchecked) check(engine, name, committed.get(name));
    } catch (error) {
      if (!isCurrent()) return;
      engine.options.onTrouble('positions', error);
      await sleep(AGAIN_MS);
    }
  }
  if (!isCurrent()) return;
  engine.state = 'reading';
  makeRoom(engine);
  startAllowed(engine);
  engine.committing.handled();
};

/** Where the group stands on the unchecked partitions that have a committed offset. */
const committedOffsets = async ({ options, unchecked }: Engine): Promise<Map<string, bigint>> => {
  const admin = options.kafka.admin();
  await admin.connect();
  try {
    const topics = [...new Set([...unchecked].map((name) => partsOf(name).topic))];
    const positions = await fetchCommitted(admin, options.group, topics);
    const known = positions.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [nameOf(topic, partition), BigInt(offset)] as const),
    );
    return new Map(known.filter(([, offset]) => offset >= 0n));
  } finally {
    await admin.disconnect();
  }
};

/**
 * Lets a partition go of which somebody else handled messages meanwhile, and seeks the start of one without a committed
 * offset.
 */
const check = (engine: Engine, name: string, committed: bigint | undefined): void => {
  const ours = engine.committing.committed(name);
  const position = engine.window.position(name) ?? engine.begun.get(name);
  const isOurs =
    committed === undefined
      ? ours === undefined
      : committed >= (ours ?? 0n) && (position === undefined || committed <= position);
  if (!isOurs) letGo(engine, name);
  engine.unchecked.delete(name);
  const start = startOf(engine.options, name);
  // Ours goes on where it is, wherever the last join began to read.
  if (isOurs && position !== undefined) engine.consumer.seek({ ...partsOf(name), offset: String(position) });
  else if (committed === undefined && start > 0n) engine.consumer.seek({ ...partsOf(name), offset: String(start) });
};
