import type { ConnectionOptions } from 'node:tls';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { exactProducer } from './exact-producer.ts';
import { stopIdleSpin } from './idle-spin.ts';
import { LEFT_WHILE_JOINING, leaveWhileJoining } from './leave-while-joining.ts';

/** Where the client's warnings go; the platform's logger is one. */
export interface KafkaLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface KafkaOptions {
  brokers: string[];
  clientId: string;
  log: KafkaLog;
  ssl?: boolean | ConnectionOptions;
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
}

/** Bounded retries are what we want: the relay tries again by itself, from the outbox, with the same event ids. */
const BOUNDED_RETRIES_WARNING = 'Limiting retries for the idempotent producer';

/**
 * Errors of kafkajs, crashes even, that it mends by itself a moment later: a new cluster's first groups and producers
 * ask before their coordinator is there. A crash for another reason has a line of its own, so the line that the
 * consumer restarts adds nothing.
 */
const MENDS_ITSELF =
  /coordinator is loading|not the correct coordinator|group coordinator is not available|^Restarting the consumer/;

/** The one way to a Kafka client: kafkajs with its idle spin and its stop fixed, our logger, and time-outs that end. */
export const createKafka = ({ brokers, clientId, log, ssl, sasl }: KafkaOptions): Kafka => {
  stopIdleSpin();
  leaveWhileJoining();
  return new Kafka({
    brokers,
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 3_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      if (entry.log.message.startsWith(BOUNDED_RETRIES_WARNING)) return;
      if (entry.log.message.endsWith(LEFT_WHILE_JOINING)) return;
      if (MENDS_ITSELF.test(entry.log.message) || MENDS_ITSELF.test(String(entry.log['error'] ?? ''))) return;
      const { message, timestamp: _timestamp, logger: _logger, ...fields } = entry.log;
      log[entry.level <= logLevel.ERROR ? 'error' : 'warn']({ kafka: fields }, message);
    },
    ...(ssl ? { ssl } : {}),
    ...(sasl ? { sasl } : {}),
  } as ConstructorParameters<typeof Kafka>[0]);
};

/**
 * An idempotent producer: acks from all replicas, no duplicates from its own retries, order kept per key, and what it
 * calls published is.
 */
export const createProducer = (kafka: Kafka): Producer =>
  exactProducer((createPartitioner) =>
    kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 3 },
    }),
  );
