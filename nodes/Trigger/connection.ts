import type { Kafka } from 'kafkajs';
import { createKafka, type KafkaLog } from '../../microservices/chassis/kafka/client.ts';
import { tlsOf, type TlsCredential } from '../run/tls.ts';

/** The fields of the FusionCommerce Kafka credential, as n8n hands them over. */
export interface KafkaCredential extends TlsCredential {
  brokers: string;
  clientId: string;
  saslMechanism: 'none' | 'plain' | 'scram-sha-256' | 'scram-sha-512';
  username?: string;
  password?: string;
}

/** The brokers of a credential, "host:port" each. Throws an Error in words when there is none or one is malformed. */
export const brokersOf = ({ brokers }: Pick<KafkaCredential, 'brokers'>): string[] => {
  const listed = brokers
    .split(/[\s,]+/)
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
  if (listed.length === 0) {
    throw new Error('The Kafka credential names no broker. Enter at least one as host:port, for example kafka:9092.');
  }
  const wrong = listed.find((broker) => !/^(?:\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}$/.test(broker));
  if (wrong !== undefined) {
    throw new Error(`The Kafka credential names a broker "${wrong}". A broker is host:port, for example kafka:9092.`);
  }
  return listed;
};

/** A client for a credential. */
export const connectionOf = (credential: KafkaCredential, log: KafkaLog): Kafka => {
  const ssl = tlsOf(credential);
  return createKafka({
    brokers: brokersOf(credential),
    clientId: credential.clientId || 'n8n-fusioncommerce',
    log,
    ...(ssl && { ssl }),
    ...(credential.saslMechanism === 'none' ? {} : { sasl: saslOf(credential) }),
  });
};

const saslOf = ({ saslMechanism, username, password }: KafkaCredential) => {
  if (saslMechanism === 'none') return undefined;
  return { mechanism: saslMechanism, username: username ?? '', password: password ?? '' };
};
