import kafkajs, { type Consumer, type ConsumerConfig, type Kafka } from 'kafkajs';
import { atMost } from './at-most.ts';
import { LEFT_WHILE_JOINING } from './leave-while-joining.ts';

/** A join mostly takes less than the three seconds between two heartbeats of the others. */
const JOIN_PATIENCE_MS = 5_000;

/**
 * The one way to a consumer. It starts again after every crash until it is disconnected, and `disconnect` may be called
 * at any time, also while it connects, joins its group or waits to start again: nothing of it comes back, and it leaves
 * its group. What was under way then fails with KafkaJSNonRetriableError. A join that others hold up is waited for five
 * seconds; then it ends and is left in the background.
 */
export const openConsumer = (kafka: Kafka, config: ConsumerConfig): Consumer => {
  let ended = false;
  let joined = false;
  const consumer = kafka.consumer({
    allowAutoTopicCreation: false,
    ...config,
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 10, restartOnFailure: async () => !ended },
  });
  const { CRASH, GROUP_JOIN, REBALANCING } = consumer.events;
  consumer.on(GROUP_JOIN, () => (joined = true));
  for (const event of [CRASH, REBALANCING] as const) consumer.on(event, () => (joined = false));
  const unlessEnded = async (step: () => Promise<void>): Promise<void> => {
    if (!ended) await step();
    if (!ended) return;
    await consumer.disconnect();
    throw new kafkajs.KafkaJSNonRetriableError(LEFT_WHILE_JOINING);
  };
  return {
    ...consumer,
    connect: () => unlessEnded(() => consumer.connect()),
    subscribe: (topics) => unlessEnded(() => consumer.subscribe(topics)),
    run: (config) => unlessEnded(() => consumer.run(config)),
    disconnect: () => {
      ended = true;
      return joined ? consumer.disconnect() : atMost(consumer.disconnect(), JOIN_PATIENCE_MS);
    },
  };
};
