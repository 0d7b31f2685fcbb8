import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../telemetry/log.ts';
import type { Subscription } from './subscribe.ts';

const JOIN_PATIENCE_MS = 2_000;

/**
 * Waits two seconds at most for a subscription to join its group: one with a member that was killed lets nobody in
 * until that member's session has run out, half a minute, and requests need not wait for that. What goes wrong at once
 * (a topic is missing) is thrown; what goes wrong later is logged.
 */
export const untilJoined = async ({ joined }: Subscription, log: Logger): Promise<void> => {
  const inTime = await Promise.race([joined.then(() => true), sleep(JOIN_PATIENCE_MS, false, { ref: false })]);
  if (!inTime)
    joined.catch((err: unknown) => log.error({ err }, 'events are not consumed: joining the consumer group failed'));
};
