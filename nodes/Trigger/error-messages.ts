import { isConnectionFailure, rootCause } from '../../microservices/chassis/kafka/failure.ts';
import { asError } from './as-error.ts';

interface Causes {
  brokers: readonly string[];
  username?: string | undefined;
  group?: string | undefined;
}

/** Explains a failed call to Kafka: what happened, to which value, and what to do. */
export const explain = (error: unknown, { brokers, username, group }: Causes): string => {
  const thrown = asError(error);
  // Our own errors are in plain words already.
  if (!thrown.name.startsWith('KafkaJS')) return thrown.message;
  const root = rootCause(thrown);
  const type = 'type' in root ? String(root.type) : '';
  // OpenSSL ends its words with a line break.
  const said = root.message.trim();
  const listed = brokers.join(', ');
  if (root.name === 'KafkaJSSASLAuthenticationError' || /SASL/.test(said)) {
    return `Kafka at ${listed} refused the user "${username ?? ''}" (${said}). Check SASL mechanism, user name and password in the credential.`;
  }
  if (type === 'TOPIC_AUTHORIZATION_FAILED') {
    return `Access denied: the user "${username ?? ''}" may not read these topics (${said}). Grant it Describe and Read on commerce.* and Write on their .dlq topics.`;
  }
  if (type === 'GROUP_AUTHORIZATION_FAILED') {
    return `Access denied: the user "${username ?? ''}" may not use the consumer group "${group ?? ''}". Grant it Read on groups that begin with fusioncommerce., or set another group in the trigger's options.`;
  }
  if (/certificate|self.signed|TLS|SSL|EPROTO|wrong version number/i.test(said)) {
    return `The encrypted connection to Kafka at ${listed} could not be made (${said}). Check TLS and the certificates in the credential.`;
  }
  if (root.name === 'KafkaJSNotImplemented') {
    return `Messages in these topics are compressed in a way that this trigger cannot read (${said}). Let whoever publishes them use gzip or no compression, as FusionCommerce does.`;
  }
  if (isConnectionFailure(root)) {
    return `Kafka cannot be reached at ${listed} (${said}). Check the brokers in the credential, that Kafka is running, and that n8n may reach it; TLS must be on exactly when the broker's port asks for it, and a SASL mechanism chosen exactly when it asks for a sign-in.`;
  }
  return `Kafka at ${listed} answered with an error: ${said}`;
};
