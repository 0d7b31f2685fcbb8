import type { Kafka } from 'kafkajs';
import { matchesFilter } from '../../microservices/chassis/contract/event-filter.ts';
import { checkActivation, withAdmin } from './activation-checks.ts';
import { topicsOf } from './event-types.ts';
import { startConsuming, type Consuming } from '../../microservices/chassis/kafka/consume/consume.ts';
import type { ReceivedMessage, Trouble } from '../../microservices/chassis/kafka/consume/options.ts';
import { typeOf } from '../../microservices/chassis/events/envelope.ts';
import { replayFor, type Replay } from '../../microservices/chassis/events/replay.ts';
import { bury, type BuryingHost } from './bury.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import { deliver, type Failure, type Journeys } from './deliver.ts';
import { checked, isTooOld, nameOfEvent, toItem, type EventItem } from './event-item.ts';
import type { Done } from './journey.ts';
import { createReports, type Reports } from './reports.ts';
import type { Settings } from './settings.ts';
import { markOf, offsetsToSet, waitingMessages, type PartitionState } from './start-position.ts';
import { asError } from './as-error.ts';
import { atMost } from '../../microservices/chassis/kafka/at-most.ts';
import { startWatchdog } from './watchdog.ts';

/** What a live trigger needs of n8n. */
export interface Host extends BuryingHost {
  workflowName: string;
  nodeId: string;
  /** Starts an execution with one item. */
  emit: (item: EventItem, done: Done, deduplicationKey: string) => void;
  /** The trigger cannot go on: n8n ends it and activates it anew. */
  fail: (error: unknown) => void;
  log: (level: 'info' | 'warn', message: string, fields: object) => void;
}

export interface LiveTrigger {
  close: () => Promise<void>;
  unfinished: () => number;
}

const SILENCE_MS = 2 * 60_000;
const CHECK_EVERY_MS = 30_000;
/** n8n waits 30 seconds for everything that it shuts down, one trigger after the other. */
const DRAIN_MS = 8_000;

/** Names a trigger, and so its consumer group, stably over restarts and changes of the workflow. */
export const triggerName = ({ workflowId, nodeId }: Pick<Host, 'workflowId' | 'nodeId'>): string =>
  `fusioncommerce.${workflowId}.${nodeId}`;

/** Checks that all is right, then consumes until closed. Throws what is wrong, before anything has begun. */
export const startLive = async (kafka: Kafka, settings: Settings, host: Host): Promise<LiveTrigger> => {
  const name = triggerName(host);
  const group = settings.group ?? name;
  const wanted = topicsOf(settings.types);
  const { topics, partitions } = await checkActivation(kafka, group, wanted, settings.position);
  sayHowManyWait(host, partitions, wanted);
  const onWarning = (message: string, error: unknown): void =>
    host.log('warn', message, { error: asError(error).message, group });
  const failOnce = once(host.fail);
  const deadLetters = createDeadLetters(kafka, onWarning);
  const reports = createReports(kafka, originOf(host), onWarning);
  const watchdog = watch(kafka, group, topics, { ...host, fail: failOnce });
  const handling: Handling = {
    settings,
    host,
    group,
    journeys: journeysOf(name, settings, host, reports),
    deadLetters,
    reports,
  };
  const types = new Set(settings.types);
  const consuming = startConsuming({
    kafka,
    group,
    topics,
    limits: settings.limits,
    timeouts: { session: 20_000, rebalance: 30_000 },
    commitAfter: { handled: 100, skipped: 2_000 },
    begin: offsetsToSet(settings.position, partitions),
    metadata: markOf(settings.position),
    wants: ({ message }) => types.has(typeOf(message) ?? '') || replayFor(group, message) !== undefined,
    handle: (received, signal) =>
      handle(handling, received, signal).catch((error: unknown) => {
        failOnce(error);
        return 'left' as const;
      }),
    onSign: watchdog.sign,
    onEnd: failOnce,
    onTrouble: (trouble, error) => onWarning(TROUBLES[trouble], error),
  });
  consuming.started.catch(failOnce);
  return { close: () => close(consuming, deadLetters, reports, watchdog.stop), unfinished: consuming.unfinished };
};

/** Said at every activation, so that nobody is surprised by what publishing sets off. */
const sayHowManyWait = (host: Host, partitions: readonly PartitionState[], wanted: readonly string[]): void => {
  const waiting = waitingMessages(partitions.filter(({ topic }) => wanted.includes(topic)));
  if (waiting === 0) return;
  host.log(
    'warn',
    `${waiting} messages wait since this trigger was last active. Those of its event types start executions now; “Skip Events Older Than” in its options passes over old ones.`,
    { workflow: host.workflowId, waiting },
  );
};

const TROUBLES: Record<Trouble, string> = {
  handle: 'An event could not be handled; it is tried again',
  commit: 'Offsets could not be committed; they will be, with the next ones',
  positions: 'The offsets of the group could not be looked up; it is tried again',
};

/** n8n ends the trigger at the first failure; what fails on the way down is no news. */
const once = (tell: (error: unknown) => void): ((error: unknown) => void) => {
  let told = false;
  return (error) => {
    if (!told) tell(error);
    told = true;
  };
};

const journeysOf = (trigger: string, settings: Settings, host: Host, reports: Reports): Journeys => ({
  trigger,
  policy: settings.retry,
  deadlineMs: settings.deadlineMs,
  start: host.emit,
  onState: (item, state, attempts, failure) =>
    reports.say(item, { state, attempts, failedNode: failure?.node ?? null }),
  onRetry: (item, { error, attempts }, delayMs) => {
    const times = attempts === 1 ? 'once' : `${attempts} times`;
    host.log('warn', `The journey of ${item.type} ${item.id} failed ${times}; again in ${delayMs} ms`, {
      error: error.message,
    });
  },
});

const originOf = ({ workflowId, workflowName, nodeName }: Host) => ({ workflowId, workflowName, node: nodeName });

const close = async (
  consuming: Consuming,
  deadLetters: DeadLetters,
  reports: Reports,
  stopWatching: () => void,
): Promise<void> => {
  stopWatching();
  // No attempt begins any more; those that run may end.
  await consuming.stop({ abortAfterMs: 0, leaveAfterMs: DRAIN_MS });
  await Promise.all([atMost(deadLetters.close(), DRAIN_MS), reports.close()]);
};

interface Handling {
  settings: Settings;
  host: Host;
  group: string;
  journeys: Journeys;
  deadLetters: DeadLetters;
  reports: Reports;
}

const handle = async (handling: Handling, received: ReceivedMessage, signal: AbortSignal): Promise<'done' | 'left'> => {
  const replay = replayFor(handling.group, received.message);
  const item = decode(received, replay);
  if ('failure' in item) return bury(handling, received, signal, item.failure);
  if (!replay && !isWanted(handling, item)) return 'done';
  const delivered = await deliver(journeysFor(handling, replay), item, signal);
  return typeof delivered === 'string' ? delivered : bury(handling, received, signal, delivered, item);
};

const isWanted = ({ host, settings }: Handling, item: EventItem): boolean => {
  if (!matchesFilter(settings.filter, item)) return false;
  if (!isTooOld(settings.maxAgeMs, item, Date.now())) return true;
  host.log('info', `${nameOfEvent(item)} is skipped: it is older than the trigger takes`, { event: item.id });
  return false;
};

/** n8n knows the executions of an event from before: those of a replay have keys of their own. */
const journeysFor = ({ journeys }: Handling, replay: Replay | undefined): Journeys =>
  replay ? { ...journeys, trigger: `${journeys.trigger}.${replay.deadLetterId}` } : journeys;

const decode = (received: ReceivedMessage, replay: Replay | undefined): EventItem | { failure: Failure } => {
  try {
    return replay ? checked(replay.event) : toItem(received, received.message);
  } catch (error) {
    return { failure: { error: asError(error), node: null, attempts: 0 } };
  }
};

const watch = (kafka: Kafka, group: string, topics: readonly string[], host: Host) => {
  const minutes = (ms: number): string => `${Math.round(ms / 60_000)} minutes`;
  return startWatchdog({
    silenceMs: SILENCE_MS,
    checkEveryMs: CHECK_EVERY_MS,
    now: () => performance.now(),
    probe: () => withAdmin(kafka, async (admin) => void (await admin.fetchTopicOffsets(topics[0] ?? ''))),
    onAway: (error, silentMs) =>
      host.report(
        `Kafka has not answered for ${minutes(silentMs)}: ${asError(error).message}`,
        'Events wait in Kafka. This trigger keeps trying and goes on by itself where it left off.',
      ),
    onBack: () => host.log('info', 'Kafka answers again', { group }),
    onSilent: (silentMs) =>
      host.fail(
        new Error(
          `Reading from Kafka stopped ${minutes(silentMs)} ago although the broker answers. The trigger is started anew; events wait and none is lost.`,
        ),
      ),
  });
};
