import { createRequire } from 'node:module';

interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
}
interface RequestQueueClass {
  prototype: RequestQueue & { scheduleCheckPendingRequests: (this: RequestQueue) => void };
}

let fixed = false;

/**
 * kafkajs 2.2.4 re-arms a timer of -1 (that is, 1) millisecond for ever on every connection that has nothing to send
 * (tulios/kafkajs, network/requestQueue `scheduleCheckPendingRequests`): about 7 % of a core for one idle producer and one
 * idle consumer. The check is only needed when something is pending, so it returns early otherwise. A request that arrives later
 * looks at the queue itself.
 */
export const stopIdleSpin = (): void => {
  if (fixed) return;
  fixed = true;
  const load = createRequire(import.meta.url);
  const { prototype } = load('kafkajs/src/network/requestQueue') as RequestQueueClass;
  // Called below with the queue it belongs to.
  const original: (this: RequestQueue) => void = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleOnlyWhenPending(this: RequestQueue) {
    if (this.pending.length > 0) original.call(this);
  };
};
