import type { ReceivedMessage } from '../../microservices/chassis/kafka/consume/options.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Failure } from './deliver.ts';
import type { DeadLetter } from './emitted.ts';
import { nameOfEvent, type EventItem } from './event-item.ts';
import type { Reports } from './reports.ts';

/** What n8n does for events that failed for good. */
export interface BuryingHost {
  workflowId: string;
  nodeName: string;
  /**
   * Shows the operator an execution that failed with the event, which can be run again from it; the trigger goes on.
   */
  bury: (item: EventItem, deadLetter: DeadLetter) => void;
  /** Shows the operator a failed execution without an event; the trigger goes on. */
  report: (message: string, description: string) => void;
}

interface Burying {
  host: BuryingHost;
  group: string;
  deadLetters: DeadLetters;
  reports: Reports;
}

/** To the dead letters, told to the operator and reported. Until it is written there, nothing moves. */
export const bury = async (
  { host, group, deadLetters, reports }: Burying,
  received: ReceivedMessage,
  signal: AbortSignal,
  { error, node, attempts }: Failure,
  item?: EventItem,
): Promise<'done' | 'left'> => {
  const origin = { group, workflowId: host.workflowId, node: node ?? host.nodeName, attempts };
  if (!(await deadLetters.send(received, signal, error, origin))) return 'left';
  const { topic, partition, message } = received;
  const where = `Its event (${topic}, partition ${partition}, offset ${message.offset}) lies unchanged in the dead letters; other events go on meanwhile.`;
  if (item) {
    reports.say(item, { state: 'buried', attempts, failedNode: node });
    host.bury(item, {
      message: `Dead letter (no attempt): the journey of ${nameOfEvent(item)} failed ${attempts === 1 ? 'once' : `${attempts} times`}, and its event was put into the dead letters: ${error.message}`,
      description: `This execution ran nothing: it stands for the dead letter, so that you find it here. The ${attempts === 1 ? 'failed execution' : `${attempts} failed executions`} before it are the attempts. ${where} Mend the cause, then retry this execution, or replay the event: FusionCommerce Event → Dead Letter → Replay.`,
    });
  } else {
    host.report(`An event could not be read and was put into the dead letters: ${error.message}`, where);
  }
  return 'done';
};
