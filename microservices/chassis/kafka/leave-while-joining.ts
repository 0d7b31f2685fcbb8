import kafkajs from 'kafkajs';
// The very modules that kafkajs itself loads, under Node as in a bundle.
import GroupClass, { type ConsumerGroup } from 'kafkajs/src/consumer/consumerGroup.js';
import RunnerClass from 'kafkajs/src/consumer/runner.js';

/** The error that ends a join after `disconnect` was called. */
export const LEFT_WHILE_JOINING = 'The consumer was stopped before it had joined its group.';

const joining = new WeakMap<ConsumerGroup, Promise<void>>();
const left = new WeakSet<ConsumerGroup>();
let fixed = false;

/**
 * kafkajs 2.2.4 cannot stop a consumer that is joining its group, at first or again after a crash: `stop` finds nothing
 * that runs (consumer/runner.js) and returns, `disconnect` cuts the connection, and the join is tried again on a new
 * one until it succeeds. Then a consumer that everybody believes gone holds partitions of the group for ever, and
 * handles nothing of them. So a stop waits for the join, which begins no further attempt, and the group is left. That
 * takes at most as long as the other members take to notice (the rebalance time-out). Cut short it would cost them
 * more: a member that is gone holds up its group until its session has run out.
 */
export const leaveWhileJoining = (): void => {
  if (fixed) return;
  fixed = true;
  const { prototype: group } = GroupClass;
  const { joinAndSync } = group;
  group.joinAndSync = function joinUnlessLeft() {
    if (left.has(this)) return Promise.reject(refusal());
    const attempt = leaveIfItFails(this, joinAndSync.call(this));
    joining.set(
      this,
      attempt.catch(() => undefined),
    );
    return attempt;
  };
  const { prototype: runner } = RunnerClass;
  const { start, stop } = runner;
  runner.start = async function startUnlessLeft() {
    await start.call(this);
    if (left.has(this.consumerGroup)) await stop.call(this);
  };
  runner.stop = function stopAlsoJoining() {
    const ended = stopJoining(this.consumerGroup);
    // At once where nothing joins: after a crash it counts as running for this moment only, and leaves its group only
    // if it does.
    return ended ? ended.then(() => stop.call(this)) : stop.call(this);
  };
};

const refusal = (): Error => new kafkajs.KafkaJSNonRetriableError(LEFT_WHILE_JOINING);

/** It may have been let in before it failed; a member that runs leaves when it stops. */
const leaveIfItFails = async (group: ConsumerGroup, joined: Promise<void>): Promise<void> => {
  try {
    await joined;
  } catch (error) {
    if (left.has(group)) await group.leave().catch(() => undefined);
    throw error;
  } finally {
    joining.delete(group);
  }
};

const stopJoining = (group: ConsumerGroup): Promise<void> | undefined => {
  left.add(group);
  // Every attempt begins with this question.
  group.cluster = Object.create(group.cluster, {
    findGroupCoordinator: { value: () => Promise.reject(refusal()) },
  }) as ConsumerGroup['cluster'];
  return joining.get(group);
};
