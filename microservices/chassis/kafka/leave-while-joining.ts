import kafkajs from 'kafkajs';
// The very modules that kafkajs itself loads, under Node as in a bundle.
import GroupClass, { type ConsumerGroup } from 'kafkajs/src/consumer/consumerGroup.js';
import RunnerClass from 'kafkajs/src/consumer/runner.js';

/** What ends a join that nobody wants any more. */
export const LEFT_WHILE_JOINING = 'The consumer was stopped while it joined its group.';

const joining = new WeakMap<ConsumerGroup, Promise<void>>();
const left = new WeakSet<ConsumerGroup>();
let fixed = false;

/**
 * kafkajs 2.2.4 cannot stop a consumer that is joining its group, at first or again after a crash: `stop` finds nothing that runs (consumer/runner.js) and returns,
 * `disconnect` cuts the connection, and the join is tried again on a new one until it succeeds. Then a consumer that everybody believes gone holds partitions of the group
 * for ever, and handles nothing of them. So a stop waits for the join, which begins no further attempt, and the group is left. That takes at most as long as the other members
 * take to notice (the rebalance time-out). Cut short it would cost them more: a member that is gone holds up its group until its session has run out.
 */
export const leaveWhileJoining = (): void => {
  if (fixed) return;
  fixed = true;
  const { prototype: group } = GroupClass;
  const { joinAndSync } = group;
  group.joinAndSync = function joinUnlessLeft() {
    return joinUnlessTold(this, () => joinAndSync.call(this));
  };
  const { prototype: runner } = RunnerClass;
  const { stop } = runner;
  runner.stop = function stopAlsoJoining() {
    const ended = stopJoining(this.consumerGroup);
    // At once where nothing joins: after a crash it counts as running for this moment only, and leaves its group only if it does.
    return ended ? ended.then(() => stop.call(this)) : stop.call(this);
  };
};

const joinUnlessTold = async (group: ConsumerGroup, join: () => Promise<void>): Promise<void> => {
  refuseIfLeft(group);
  const joined = join();
  const ended = joined.catch(() => undefined).then(() => leaveIfTold(group));
  joining.set(group, ended);
  await ended;
  joining.delete(group);
  refuseIfLeft(group);
  await joined;
};

/** Also when the join failed: it may have been let in before. */
const leaveIfTold = async (group: ConsumerGroup): Promise<void> => {
  if (left.has(group)) await group.leave().catch(() => undefined);
};

const refuseIfLeft = (group: ConsumerGroup): void => {
  if (left.has(group)) throw new kafkajs.KafkaJSNonRetriableError(LEFT_WHILE_JOINING);
};

const stopJoining = (group: ConsumerGroup): Promise<void> | undefined => {
  left.add(group);
  // Every attempt begins with this question.
  group.cluster = Object.create(group.cluster, {
    findGroupCoordinator: { value: () => Promise.reject(new kafkajs.KafkaJSNonRetriableError(LEFT_WHILE_JOINING)) },
  }) as ConsumerGroup['cluster'];
  return joining.get(group);
};
