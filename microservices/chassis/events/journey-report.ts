import type { KafkaMessage } from 'kafkajs';

/**
 * The topic on which triggers say what became of the journeys that they started. It is no topic of events: nobody but
 * events reads it.
 */
export const JOURNEY_REPORTS = 'journeys.reports';

export type JourneyState = 'started' | 'waiting' | 'succeeded' | 'failed' | 'buried';

const STATES: readonly string[] = ['started', 'waiting', 'succeeded', 'failed', 'buried'] satisfies JourneyState[];

/** What a trigger says of one journey: of the event of this id in this workflow. */
export interface JourneyReport {
  state: JourneyState;
  workflowId: string;
  workflowName: string;
  node: string;
  event: { id: string; type: string; subject: string; customerId: string | null };
  /** Executions so far. */
  attempts: number;
  /** Of a failure, the node that failed. Its message stays in n8n: it may hold data of persons. */
  failedNode: string | null;
  /** ISO 8601. */
  at: string;
}

/** The report as a Kafka message. Those of one journey stay in order. */
export const toReportMessage = (report: JourneyReport) => ({
  key: `${report.workflowId} ${report.event.id}`,
  value: JSON.stringify(report),
});

const isText = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= 200 &&
  !value.includes('\u0000') &&
  value.isWellFormed();

/** Reads a message back; undefined for one that is no report. */
export const readReport = ({ value }: Pick<KafkaMessage, 'value'>): JourneyReport | undefined => {
  try {
    const report = JSON.parse(value?.toString('utf8') ?? '') as JourneyReport;
    const { event, state, workflowId, at, attempts } = report;
    const isWhole =
      STATES.includes(state) &&
      isText(workflowId) &&
      isText(event.id) &&
      isText(event.type) &&
      isText(event.subject) &&
      Number.isSafeInteger(attempts) &&
      !Number.isNaN(Date.parse(at));
    if (!isWhole) return undefined;
    return {
      ...report,
      workflowName: isText(report.workflowName) ? report.workflowName : workflowId,
      node: isText(report.node) ? report.node : '',
      event: { ...event, customerId: isText(event.customerId) ? event.customerId : null },
      failedNode: isText(report.failedNode) ? report.failedNode : null,
    };
  } catch {
    return undefined;
  }
};
