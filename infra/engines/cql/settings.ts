export interface CqlSettings {
  /** Where clients come to. */
  port: number;
  /** Where nodes would talk to each other; there is only one. */
  storagePort: number;
  sslStoragePort: number;
  folder: string;
}

/** The superuser that a new Cassandra makes. */
export const credentials = { username: 'cassandra', password: 'cassandra' };

/**
 * cassandra.yaml of one small node on the loopback address, with passwords. Keys:
 * https://cassandra.apache.org/doc/5.0/cassandra/managing/configuration/cass_yaml_file.html
 */
export const cassandraYaml = ({ port, storagePort, sslStoragePort, folder }: CqlSettings): string => `
cluster_name: fusioncommerce
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
listen_address: 127.0.0.1
rpc_address: 127.0.0.1
native_transport_port: ${port}
storage_port: ${storagePort}
ssl_storage_port: ${sslStoragePort}
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "127.0.0.1:${storagePort}"
authenticator: PasswordAuthenticator
authorizer: CassandraAuthorizer
role_manager: CassandraRoleManager
data_file_directories: ["${folder}/data"]
commitlog_directory: "${folder}/commitlog"
saved_caches_directory: "${folder}/saved_caches"
hints_directory: "${folder}/hints"
# A write is answered when it is on disk, in groups: what was acknowledged survives kill -9.
commitlog_sync: group
commitlog_sync_group_window: 5ms
cdc_enabled: false
auto_snapshot: false
memtable_heap_space: 64MiB
memtable_offheap_space: 64MiB
file_cache_size: 32MiB
networking_cache_size: 16MiB
concurrent_reads: 16
concurrent_writes: 16
# A small machine is slow at times; clients wait five seconds.
write_request_timeout: 4s
cas_contention_timeout: 4s
`;

/** The part of cassandra.yaml that lets clients in over TLS alone; the file (PEM) holds key and certificate. */
export const encryptionYaml = (keystore: string): string => `
client_encryption_options:
  enabled: true
  optional: false
  ssl_context_factory:
    class_name: org.apache.cassandra.security.PEMBasedSslContextFactory
  keystore: ${keystore}
`;

/** Logging to the output, warnings and worse. */
export const logbackXml = `<configuration>
  <appender name="output" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%date %level %logger{0} %msg%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="output"/></root>
</configuration>
`;

const opened = (kind: '--add-exports' | '--add-opens', packages: readonly string[]): string[] =>
  packages.map((name) => `${kind}=${name}=ALL-UNNAMED`);

/** Packages that Cassandra needs opened on Java 17: conf/jvm17-server.options of its distribution. */
export const JAVA_OPTIONS: readonly string[] = [
  '-Djdk.attach.allowAttachSelf=true',
  ...opened('--add-exports', [
    'java.base/java.lang.ref',
    'java.base/jdk.internal.misc',
    'java.base/jdk.internal.ref',
    'java.base/sun.nio.ch',
    'java.management.rmi/com.sun.jmx.remote.internal.rmi',
    'java.rmi/sun.rmi.registry',
    'java.rmi/sun.rmi.server',
    'java.sql/java.sql',
    'jdk.attach/sun.tools.attach',
    'jdk.compiler/com.sun.tools.javac.file',
    'jdk.unsupported/sun.misc',
  ]),
  ...opened('--add-opens', [
    'java.base/java.io',
    'java.base/java.lang',
    'java.base/java.lang.module',
    'java.base/java.lang.reflect',
    'java.base/java.nio',
    'java.base/java.util',
    'java.base/java.util.concurrent',
    'java.base/java.util.concurrent.atomic',
    'java.base/jdk.internal.loader',
    'java.base/jdk.internal.math',
    'java.base/jdk.internal.module',
    'java.base/jdk.internal.ref',
    'java.base/jdk.internal.reflect',
    'java.base/jdk.internal.util.jar',
    'java.base/sun.nio.ch',
    'jdk.management/com.sun.management.internal',
  ]),
];
