import { z } from 'zod';
import { timestamp } from '../../../chassis/contract/index.ts';
import { readCursor, toPage } from '../../../chassis/cursor.ts';
import { typeOf } from '../../../chassis/events/envelope.ts';
import { JOURNEY_REPORTS, readReport, type JourneyReport } from '../../../chassis/events/journey-report.ts';
import type { ReceivedMessage } from '../../../chassis/kafka/consume/options.ts';
import type { Context, Handlers, Tx } from '../../context.ts';
import type { JourneyRun } from '../../contract/journey-metrics.ts';
import {
  countRuns,
  endResumed,
  listRuns,
  saveConversions,
  saveReports,
  stateByWaits,
  type Conversion,
} from '../../store/runs.ts';
import type { WaitRow } from '../../store/waits.ts';
import { toReceivedEvents } from '../following/received.ts';

const DAY_MS = 86_400_000;
const byStart = z.tuple([timestamp, z.string()]);

export const journeyHandlers = ({
  database,
  now,
}: Context): Pick<Handlers, 'getJourneyMetrics' | 'listJourneyRuns'> => ({
  getJourneyMetrics: async ({ workflowId, days }) => ({
    items: await countRuns(database, new Date(now().getTime() - days * DAY_MS), workflowId),
  }),
  listJourneyRuns: async ({ cursor, ...wanted }) => {
    const rows = await listRuns(database, { ...wanted, before: readCursor(cursor, byStart) });
    return toPage(rows, wanted.limit, ({ startedAt, eventId }) => [startedAt, eventId]);
  },
});

/** Takes the reports of triggers and the orders of customers among these messages into the numbers of journeys. */
export const followJourneys = async (context: Context, messages: readonly ReceivedMessage[]): Promise<void> => {
  const reports = messages
    .filter(({ topic }) => topic === JOURNEY_REPORTS)
    .flatMap(({ message }) => readReport(message) ?? []);
  const orders = conversionsOf(messages.filter(({ message }) => typeOf(message) === 'order.created'));
  await takeReports(context, reports, orders);
};

/** Writes reports of journeys, with the events that follow from them, and orders that followed journeys. */
export const takeReports = async (
  context: Context,
  reports: readonly JourneyReport[],
  orders: readonly Conversion[] = [],
): Promise<void> => {
  if (reports.length === 0 && orders.length === 0) return;
  await context.commit(async (tx) => {
    const known: JourneyReport[] = [];
    for (const report of lastOfEach(reports)) known.push({ ...report, state: await stateByWaits(tx, report) });
    const changed = await saveReports(tx, known);
    for (const [report, before] of changed) announce(tx, report, before);
    await saveConversions(tx, orders, context.settings.conversionDays);
  });
};

/** Of several reports of one journey only the last counts; sorted, so that two processes never wait for each other. */
const lastOfEach = (reports: readonly JourneyReport[]): JourneyReport[] =>
  [...new Map(reports.map((report) => [`${report.workflowId} ${report.event.id}`, report]))]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, report]) => report);

const conversionsOf = (messages: readonly ReceivedMessage[]): Conversion[] =>
  toReceivedEvents(messages).flatMap(({ subject, time, data }) => {
    const customerId = typeof data === 'object' && data !== null && 'customerId' in data ? data.customerId : null;
    return typeof customerId === 'string' ? [{ customerId, orderId: subject, at: time }] : [];
  });

/** A journey about a journey is not announced: it would set off itself for ever. */
const isAboutJourneys = (eventType: string): boolean => eventType.startsWith('journey.');

const announce = (tx: Tx, report: JourneyReport, before: string | null): void => {
  const { event, state, workflowId, workflowName, attempts, failedNode } = report;
  if (isAboutJourneys(event.type)) return;
  const aggregate = aggregateOf(workflowId, event.id);
  const { id: eventId, type: eventType, subject: about, customerId } = event;
  const told = { workflowId, workflowName, eventId, eventType, about, customerId };
  if (before === null) tx.append('journey.started', aggregate, told);
  if (state === 'waiting') tx.append('journey.waiting', aggregate, told);
  if (state === 'succeeded') tx.append('journey.succeeded', aggregate, { ...told, attempts });
  if (state === 'buried' || (state === 'failed' && before === 'waiting'))
    tx.append('journey.failed', aggregate, { ...told, attempts, node: failedNode });
};

const aggregateOf = (workflowId: string, eventId: string): string => `${workflowId}.${eventId}`;

/** Ends the journey of a wait that was resumed, with its event. */
export const endJourney = async (tx: Tx, wait: WaitRow, state: 'succeeded' | 'failed', now: Date): Promise<void> => {
  const { workflowId, executionId, notEventId } = wait;
  if (notEventId === null) return;
  const run = await endResumed(tx, { workflowId, executionId, eventId: notEventId }, state, now);
  if (run && !isAboutJourneys(run.eventType)) announceEnd(tx, run, state);
};

const announceEnd = (tx: Tx, run: JourneyRun, state: 'succeeded' | 'failed'): void => {
  const { workflowId, workflowName, eventId, eventType, subject: about, customerId, attempts } = run;
  const told = { workflowId, workflowName, eventId, eventType, about, customerId, attempts };
  const aggregate = aggregateOf(workflowId, eventId);
  if (state === 'succeeded') tx.append('journey.succeeded', aggregate, told);
  else tx.append('journey.failed', aggregate, { ...told, node: null });
};
