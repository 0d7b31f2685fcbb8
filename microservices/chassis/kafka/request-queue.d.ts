/** The part of kafkajs that idle-spin.ts mends; kafkajs declares types for its public surface only. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  interface RequestQueue {
    pending: unknown[];
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
  }
  const queueClass: { prototype: RequestQueue };
  export default queueClass;
}
