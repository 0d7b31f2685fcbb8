// The very module that kafkajs itself loads, under Node as in a bundle.
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

let fixed = false;

/**
 * kafkajs 2.2.4 re-arms a timer of -1 (that is, 1) millisecond for ever on every connection that has nothing to send
 * (tulios/kafkajs, network/requestQueue `scheduleCheckPendingRequests`): about 7 % of a core for one idle producer and
 * one idle consumer. The check is only needed when something is pending, so it returns early otherwise. A request that
 * arrives later looks at the queue itself.
 */
export const stopIdleSpin = (): void => {
  if (fixed) return;
  fixed = true;
  const { prototype } = RequestQueue;
  const original = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleOnlyWhenPending() {
    if (this.pending.length > 0) original.call(this);
  };
};
