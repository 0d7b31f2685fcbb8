import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';

type Committed = Awaited<ReturnType<Admin['fetchOffsets']>>;

const EVERY_MS = 250;
const PATIENCE_MS = 30_000;

/**
 * A coordinator that is being chosen or reads its log: usual at a cluster's first group, and after a broker's start or
 * end.
 */
const COORDINATOR_ON_ITS_WAY = new Set([
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
]);

/**
 * Where a consumer group stands on its topics. Waits up to 30 s while the group has no coordinator yet: kafkajs asks
 * once and gives up, although a moment later the answer is there. Throws any other error at once.
 */
export const fetchCommitted = async (admin: Admin, groupId: string, topics: readonly string[]): Promise<Committed> => {
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(EVERY_MS)) {
    try {
      return await admin.fetchOffsets({ groupId, topics: [...topics] });
    } catch (error) {
      if (!isOnItsWay(error) || Date.now() > end) throw error;
    }
  }
};

const isOnItsWay = (error: unknown): boolean => {
  const { type, cause } = (error ?? {}) as { type?: string; cause?: { type?: string } };
  return COORDINATOR_ON_ITS_WAY.has(type ?? '') || COORDINATOR_ON_ITS_WAY.has(cause?.type ?? '');
};
