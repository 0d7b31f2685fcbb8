import { untilWithin, WaitedInVain } from '../../microservices/chassis/testing/until.ts';
import { allServices } from '../platform/services.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';

export const DOMAINS = allServices.map(({ contract }) => contract.domain);
const SETTLED = ['confirmed', 'cancelled', 'rejected', 'partially_fulfilled', 'fulfilled', 'delivered', 'closed'];

/** Far longer than anything takes on a slow machine: it ends a run that would never end, it decides nothing else. */
const PATIENCE_MS = 600_000;

const right = untilWithin(PATIENCE_MS);

/**
 * Waits until nothing is wrong any more, however long the machine takes for it; returns what still is when patience
 * ends.
 */
export const until = async (stillWrong: () => Promise<string | undefined>): Promise<string[]> => {
  try {
    await right(stillWrong, (wrong) => wrong === undefined);
    return [];
  } catch (error) {
    if (!(error instanceof WaitedInVain)) throw error;
    return [`after ${PATIENCE_MS / 1_000} s ${String(error.last)}`];
  }
};

export const waitForOrders = (platform: PlatformUnderTest): Promise<string[]> =>
  until(async () => {
    const stuck = await platform.database.query<{ state: string; count: number }>(
      'SELECT state, count(*)::int AS count FROM orders.orders WHERE state <> ALL($1) GROUP BY state',
      [SETTLED],
    );
    return stuck.rows.length === 0
      ? undefined
      : `orders are stuck: ${stuck.rows.map(({ state, count }) => `${count} ${state}`).join(', ')}`;
  });

/** Jobs change state without an event, every second or so. */
const QUIET_MS = 3_000;

/**
 * Quiet is when no outbox holds anything, every service has consumed all that is on Kafka, and nothing was committed
 * for a while.
 */
export const waitForQuiet = async (platform: PlatformUnderTest): Promise<string[]> => {
  let last = { committed: -1, since: Date.now() };
  return until(async () => {
    const { waiting, committed } = await eventCounts(platform);
    if (committed !== last.committed) last = { committed, since: Date.now() };
    if (waiting > 0) return `${waiting} events still wait in the outboxes`;
    if (Date.now() - last.since < QUIET_MS) return 'events are still being committed';
    return unconsumed(platform);
  });
};

const eventCounts = async (platform: PlatformUnderTest): Promise<{ waiting: number; committed: number }> => {
  const counts = await Promise.all(
    DOMAINS.map(async (domain) => {
      const { rows } = await platform.database.query<{ waiting: number; committed: number }>(
        `SELECT (SELECT count(*)::int FROM ${domain}.outbox) AS waiting, (SELECT coalesce(sum(last), 0)::int FROM ${domain}.event_sequence) AS committed`,
      );
      return rows[0] ?? { waiting: 0, committed: 0 };
    }),
  );
  return counts.reduce((sum, count) => ({
    waiting: sum.waiting + count.waiting,
    committed: sum.committed + count.committed,
  }));
};

/**
 * The services' consumer groups that have not yet committed the end of every partition they read; undefined when all
 * have.
 */
const unconsumed = async (platform: PlatformUnderTest): Promise<string | undefined> => {
  const admin = platform.kafka.admin();
  await admin.connect();
  try {
    const topics = DOMAINS.map((domain) => `commerce.${domain}`);
    const ends = new Map<string, number>();
    for (const topic of topics)
      for (const { partition, high } of await admin.fetchTopicOffsets(topic))
        ends.set(`${topic} ${partition}`, Number(high));
    for (const groupId of DOMAINS) {
      for (const { topic, partitions } of await admin.fetchOffsets({ groupId, topics })) {
        // A topic of which the group never committed anything is one that it does not read.
        if (partitions.every(({ offset }) => Number(offset) < 0)) continue;
        const behind = partitions.reduce(
          (sum, { partition, offset }) => sum + (ends.get(`${topic} ${partition}`) ?? 0) - Math.max(0, Number(offset)),
          0,
        );
        if (behind > 0) return `${groupId} has yet to consume ${behind} messages of ${topic}`;
      }
    }
    return undefined;
  } finally {
    await admin.disconnect();
  }
};
