import type { JourneyReport, JourneyState } from '../../../chassis/events/journey-report.ts';
import type { Context } from '../../context.ts';
import type { ReceivedEvent } from '../../contract/values.ts';
import type { SubscriptionRow } from '../../store/subscriptions.ts';
import { takeReports } from '../journeys/journeys.ts';

/** Says what becomes of the journey that an event starts. Nothing waits for it. */
export type Tell = (event: ReceivedEvent, state: JourneyState, attempts: number) => void;

/** Reports of a moment are written together. */
const TOGETHER_MS = 100;
const MOST_KEPT = 10_000;

/** As the Gateway Trigger names its subscription; a test of it counts nothing. */
const OF_A_TRIGGER = /^n8n\.([^.]+)\.([^.]+)$/;

/** Reports of a subscription that belongs to a Gateway Trigger in n8n; of any other nothing is said. */
export const reporterFor = (context: Context, { externalId }: SubscriptionRow): Tell => {
  const [, workflowId, node] = OF_A_TRIGGER.exec(externalId ?? '') ?? [];
  if (workflowId === undefined || node === undefined) return () => undefined;
  const kept: JourneyReport[] = [];
  let timer: NodeJS.Timeout | undefined;
  const write = (): void => {
    timer = undefined;
    const taken = kept.splice(0);
    takeReports(context, taken).catch((err: unknown) => {
      context.log.warn({ err, workflowId }, 'what became of journeys could not be written down; trying again');
      kept.unshift(...taken.slice(0, MOST_KEPT));
      timer ??= setTimeout(write, 10 * TOGETHER_MS).unref();
    });
  };
  return (event, state, attempts) => {
    const at = context.now().toISOString();
    kept.push({
      ...{ state, workflowId, workflowName: workflowId, node, attempts, failedNode: null, at },
      event: { id: event.id, type: event.type, subject: event.subject, customerId: customerIn(event) },
    });
    timer ??= setTimeout(write, TOGETHER_MS).unref();
  };
};

const customerIn = ({ data }: ReceivedEvent): string | null => {
  const id = typeof data === 'object' && data !== null && 'customerId' in data ? data.customerId : null;
  return typeof id === 'string' ? id : null;
};
