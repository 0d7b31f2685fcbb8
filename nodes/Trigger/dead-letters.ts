import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka, Producer } from 'kafkajs';
import { sendToDeadLetters } from '../../microservices/chassis/events/dead-letter.ts';
import { createProducer } from '../../microservices/chassis/kafka/client.ts';
import type { ReceivedMessage } from '../../microservices/chassis/kafka/consume/options.ts';

/**
 * The headers of a dead letter besides the error. A trigger gets no execution ids from n8n, so the failed execution is
 * found by its workflow and time.
 */
export interface Origin {
  group: string;
  workflowId: string;
  node: string;
  attempts: number;
}

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;

export interface DeadLetters {
  /** Writes until it is written; false when the partition was taken away or the trigger stops before. */
  send: (received: ReceivedMessage, signal: AbortSignal, error: Error, origin: Origin) => Promise<boolean>;
  close: () => Promise<void>;
}

/** The way to the dead-letter topics. It connects when the first event needs it. */
export const createDeadLetters = (kafka: Kafka, onWarning: (message: string, error: unknown) => void): DeadLetters => {
  let connected: Promise<Producer> | undefined;
  const producer = (): Promise<Producer> => {
    connected ??= connect(kafka).catch((error: unknown) => {
      connected = undefined;
      throw error;
    });
    return connected;
  };
  return {
    send: async (received, signal, error, origin) => {
      for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(MAX_DELAY_MS, delayMs * 2)) {
        try {
          await sendToDeadLetters(await producer(), received, received.message, origin.group, error, headersOf(origin));
          return true;
        } catch (failure) {
          onWarning(
            `An event could not be written to the dead letters; its partition waits and it is tried again in ${delayMs} ms`,
            failure,
          );
          await sleep(delayMs, undefined, { signal, ref: false }).catch(() => undefined);
          if (signal.aborted) return false;
        }
      }
    },
    close: async () => {
      await (await connected)?.disconnect();
    },
  };
};

const connect = async (kafka: Kafka): Promise<Producer> => {
  const producer = createProducer(kafka);
  await producer.connect();
  return producer;
};

const headersOf = ({ workflowId, node, attempts }: Origin): Record<`dlq_${string}`, string> => ({
  dlq_workflow_id: workflowId,
  dlq_node: node,
  dlq_attempts: String(attempts),
});
