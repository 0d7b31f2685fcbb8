/**
 * The parts of kafkajs that idle-spin.ts and leave-while-joining.ts mend; kafkajs declares types for its public surface
 * only.
 */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  interface RequestQueue {
    pending: unknown[];
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
  }
  const queueClass: { prototype: RequestQueue };
  export default queueClass;
}

declare module 'kafkajs/src/consumer/consumerGroup.js' {
  /** One membership: a consumer that starts again after a crash gets another. */
  export interface ConsumerGroup {
    cluster: { findGroupCoordinator: (options: object) => Promise<unknown> };
    joinAndSync: (this: ConsumerGroup) => Promise<void>;
    leave: (this: ConsumerGroup) => Promise<void>;
  }
  const groupClass: { prototype: ConsumerGroup };
  export default groupClass;
}

declare module 'kafkajs/src/consumer/runner.js' {
  import type { ConsumerGroup } from 'kafkajs/src/consumer/consumerGroup.js';
  interface Runner {
    consumerGroup: ConsumerGroup;
    start: (this: Runner) => Promise<void>;
    stop: (this: Runner) => Promise<void>;
  }
  const runnerClass: { prototype: Runner };
  export default runnerClass;
}
