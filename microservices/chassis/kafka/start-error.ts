import type { KafkaOptions } from './client.ts';
import { isConnectionFailure, rootCause } from './failure.ts';

/** Kafka cannot be reached at the start; the message is for the person who starts. */
export class KafkaStartError extends Error {}

type Attempt = Pick<KafkaOptions, 'brokers' | 'ssl' | 'sasl'>;

/**
 * Turns a failure of the first connection into an error that says the cause and what to do. Other errors are returned
 * as they are.
 */
export const kafkaStartFailure = (error: unknown, { brokers, ssl, sasl }: Attempt): unknown => {
  if (!(error instanceof Error)) return error;
  const root = rootCause(error);
  const at = `Kafka at ${brokers.join(', ')}`;
  if (root.name === 'KafkaJSSASLAuthenticationError')
    return new KafkaStartError(
      `${at} does not let ${sasl ? `the user "${sasl.username}" sign in by ${sasl.mechanism}` : 'anybody in without signing in'} (${root.message}). Check --kafka-username, the variable KAFKA_PASSWORD and --kafka-sasl.`,
    );
  if (ssl && /certificate|altname|unable to get (local )?issuer/i.test(root.message))
    return new KafkaStartError(
      `${at} shows a certificate that is not trusted (${root.message}). Name the file of the authority that signed it in the variable KAFKA_TLS_CA, and use the host name that it is made out to.`,
    );
  if (!isConnectionFailure(error)) return error;
  const questions = [
    ssl ? 'does it speak TLS there, as --kafka-tls says?' : 'does it want TLS there (--kafka-tls)?',
    ...(sasl ? [] : ['Does it want a sign-in (--kafka-sasl)?']),
  ];
  return new KafkaStartError(
    `${at} does not answer as it should (${root.message}). Check --kafka and that it runs; ${questions.join(' ')}`,
  );
};
