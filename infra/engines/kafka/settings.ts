/** One broker of a small cluster, which is its controller too (KRaft, combined mode). */
export interface BrokerSettings {
  nodeId: number;
  port: number;
  /** Host and port of every node's controller listener, in the order of their ids from 1. */
  controllers: readonly string[];
  folder: string;
  /** For clients that must encrypt and sign in; `port` is then for whoever is on this machine. */
  secured?: SecuredListener | undefined;
}

/** A listener for SASL over TLS. */
export interface SecuredListener {
  port: number;
  /** A file in PEM format with the key and the certificate. */
  keystore: string;
  user: { username: string; password: string };
}

/**
 * server.properties for tests and laptops: small buffers, no wait before a group's first rebalance, and topics only
 * when asked for, as in production. Keys:
 * https://kafka.apache.org/41/configuration/broker-configs/
 */
export const serverProperties = ({ nodeId, port, controllers, folder, secured }: BrokerSettings): string => {
  const nodes = controllers.length;
  const replicas = Math.min(3, nodes);
  const inSync = Math.max(1, replicas - 1);
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': nodeId,
    'controller.quorum.voters': controllers.map((address, index) => `${index + 1}@${address}`).join(','),
    listeners: [`PLAINTEXT://127.0.0.1:${port}`, `CONTROLLER://${controllers[nodeId - 1]}`, ...securedAt(secured)].join(
      ',',
    ),
    'advertised.listeners': [`PLAINTEXT://127.0.0.1:${port}`, ...securedAt(secured)].join(','),
    'controller.listener.names': 'CONTROLLER',
    ...(secured && securedProperties(secured)),
    'log.dirs': `${folder}/data`,
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'group.initial.rebalance.delay.ms': 0,
    // The cleaner's default buffer alone is 128 MB; each of its threads wants at least 1 MB.
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
    'num.network.threads': 2,
    'num.io.threads': 4,
    // Deleted topics' files go soon: tests delete many.
    'log.segment.delete.delay.ms': 1_000,
    // A broker that dies is out after three seconds, not nine.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
  })
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
};

const securedAt = (secured: SecuredListener | undefined): string[] =>
  secured ? [`SASL_SSL://127.0.0.1:${secured.port}`] : [];

/** Users of SCRAM are kept in the cluster (`scramUsers`), those of PLAIN here. */
const securedProperties = ({ keystore, user }: SecuredListener): Record<string, string> => {
  const listener = 'listener.name.sasl_ssl';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  return {
    // With a listener that is not among the defaults, Kafka wants all of them explained.
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    [`${listener}.plain.sasl.jaas.config`]: `org.apache.kafka.common.security.plain.PlainLoginModule required user_${user.username}="${user.password}";`,
    [`${listener}.scram-sha-256.sasl.jaas.config`]: scram,
    [`${listener}.scram-sha-512.sasl.jaas.config`]: scram,
    [`${listener}.ssl.keystore.type`]: 'PEM',
    [`${listener}.ssl.keystore.location`]: keystore,
  };
};

/** Arguments of StorageTool's `format` that make the user known to SCRAM. */
export const scramUsers = (secured: SecuredListener | undefined): string[] =>
  ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) =>
    secured ? ['--add-scram', `${mechanism}=[name=${secured.user.username},password=${secured.user.password}]`] : [],
  );
