import type { Kafka, Producer } from 'kafkajs';
import {
  JOURNEY_REPORTS,
  toReportMessage,
  type JourneyReport,
} from '../../microservices/chassis/events/journey-report.ts';
import { atMost } from '../../microservices/chassis/kafka/at-most.ts';
import { createProducer } from '../../microservices/chassis/kafka/client.ts';
import type { EventItem } from './event-item.ts';

/** Tells the platform what becomes of journeys, for its metrics. Nothing waits for it and no journey fails by it. */
export interface Reports {
  say: (item: EventItem, said: Pick<JourneyReport, 'state' | 'attempts' | 'failedNode'>) => void;
  close: () => Promise<void>;
}

/** Reports of a moment go together. */
const TOGETHER_MS = 50;
const AGAIN_MS = 1_000;
const LONGEST_AGAIN_MS = 60_000;
/** Kept while Kafka is away; older ones are dropped then. */
const MOST_KEPT = 10_000;
const CLOSE_MS = 3_000;

type Origin = Pick<JourneyReport, 'workflowId' | 'workflowName' | 'node'>;

/** The way to the reports of one trigger. It connects when the first journey starts. */
export const createReports = (
  kafka: Kafka,
  origin: Origin,
  onWarning: (message: string, error: unknown) => void,
): Reports => {
  const kept: JourneyReport[] = [];
  let producer: Producer | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<void> | undefined;
  let failures = 0;

  const send = async (): Promise<void> => {
    const taken = kept.slice();
    if (taken.length === 0) return;
    if (!producer) {
      const opened = createProducer(kafka);
      await opened.connect();
      producer = opened;
    }
    await producer.send({ topic: JOURNEY_REPORTS, acks: -1, messages: taken.map(toReportMessage) });
    kept.splice(0, taken.length);
    failures = 0;
  };

  const plan = (delayMs: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      sending = send()
        .catch((error: unknown) => {
          failures += 1;
          if (failures === 1) onWarning('What became of journeys cannot be reported; it is tried again', error);
          plan(Math.min(LONGEST_AGAIN_MS, AGAIN_MS * 2 ** failures));
        })
        .finally(() => {
          sending = undefined;
          if (kept.length > 0) plan(TOGETHER_MS);
        });
    }, delayMs).unref();
  };

  return {
    say: (item, said) => {
      kept.push({ ...origin, ...said, event: about(item), at: new Date().toISOString() });
      if (kept.length > MOST_KEPT) kept.shift();
      if (!sending) plan(TOGETHER_MS);
    },
    close: async () => {
      clearTimeout(timer);
      await atMost(
        (sending ?? Promise.resolve()).then(send).catch(() => undefined),
        CLOSE_MS,
      );
      await producer?.disconnect();
    },
  };
};

const about = ({ id, type, subject, data }: EventItem): JourneyReport['event'] => {
  const customerId = typeof data === 'object' && data !== null ? (data as { customerId?: unknown }).customerId : null;
  return { id, type, subject, customerId: typeof customerId === 'string' ? customerId : null };
};
