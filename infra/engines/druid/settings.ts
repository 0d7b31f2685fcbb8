/** Settings that Druid's processes share: how they find one another, and where the cluster keeps its data. */
export interface ClusterSettings {
  folder: string;
  zookeeper: number;
  /** Of the metadata store, Derby, which the coordinator runs. */
  derby: number;
}

export type Role = 'coordinator' | 'broker' | 'historical' | 'indexer' | 'router';

type Properties = Record<string, string | number | boolean>;

/** Heap of each process in MB; what tasks ingest lies in the indexer's. */
export const HEAP_MB: Record<Role, number> = {
  coordinator: 256,
  broker: 192,
  historical: 128,
  indexer: 320,
  router: 128,
};

/** Five buffers of ten megabytes fit: one thread's, two for merging, one more, and what Netty takes. */
export const DIRECT_MEMORY_MB = 64;

const processing: Properties = {
  'druid.processing.buffer.sizeBytes': '10MiB',
  'druid.processing.numThreads': 1,
  'druid.processing.numMergeBuffers': 2,
  'druid.server.http.numThreads': 12,
};

/**
 * One machine, few threads, and short periods, so that what was ingested is visible soon. Keys:
 * https://druid.apache.org/docs/latest/configuration/
 */
const ofRole = (role: Role, folder: string): Properties => {
  switch (role) {
    case 'coordinator':
      return {
        'druid.coordinator.asOverlord.enabled': true,
        'druid.coordinator.asOverlord.overlordService': 'druid/overlord',
        'druid.coordinator.startDelay': 'PT1S',
        'druid.coordinator.period': 'PT5S',
        'druid.manager.segments.pollDuration': 'PT5S',
        'druid.indexer.queue.startDelay': 'PT1S',
        'druid.indexer.runner.type': 'httpRemote',
        'druid.indexer.storage.type': 'metadata',
      };
    case 'broker':
      return {
        ...processing,
        'druid.broker.http.numConnections': 6,
        'druid.broker.http.maxQueuedBytes': '5MiB',
        'druid.sql.planner.metadataRefreshPeriod': 'PT2S',
      };
    case 'historical':
      return {
        ...processing,
        'druid.segmentCache.locations': JSON.stringify([{ path: `${folder}/segment-cache`, maxSize: '10g' }]),
      };
    case 'indexer':
      return {
        ...processing,
        'druid.worker.capacity': 4,
        'druid.worker.baseTaskDirs': JSON.stringify([`${folder}/tasks`]),
        'druid.indexer.task.restoreTasksOnRestart': true,
        'druid.indexer.task.gracefulShutdownTimeout': 'PT20S',
      };
    case 'router':
      return {
        'druid.server.http.numThreads': 16,
        'druid.router.http.numConnections': 16,
        'druid.router.http.numMaxThreads': 16,
        'druid.router.managementProxy.enabled': true,
        'druid.router.defaultBrokerServiceName': 'druid/broker',
        'druid.router.coordinatorServiceName': 'druid/coordinator',
      };
  }
};

const shared = ({ folder, zookeeper, derby }: ClusterSettings): Properties => ({
  'druid.host': '127.0.0.1',
  'druid.zk.service.host': `127.0.0.1:${zookeeper}`,
  'druid.metadata.storage.type': 'derby',
  'druid.metadata.storage.connector.connectURI': `jdbc:derby://127.0.0.1:${derby}/${folder}/metadata;create=true`,
  'druid.metadata.storage.connector.host': '127.0.0.1',
  'druid.metadata.storage.connector.port': derby,
  'druid.storage.type': 'local',
  'druid.storage.storageDirectory': `${folder}/segments`,
  'druid.indexer.logs.type': 'file',
  'druid.indexer.logs.directory': `${folder}/task-logs`,
  'druid.indexer.task.baseDir': folder,
  'druid.processing.tmpDir': `${folder}/temporary`,
  'druid.selectors.indexing.serviceName': 'druid/overlord',
  'druid.selectors.coordinator.serviceName': 'druid/coordinator',
  // Extensions lie on the class path; from folders nothing is loaded.
  'druid.extensions.loadList': '[]',
  'druid.lookup.enableLookupSyncOnStartup': false,
  'druid.startup.logging.logProperties': false,
  'druid.emitter': 'noop',
  // Half a minute otherwise, which every stop would wait.
  'druid.server.http.gracefulShutdownTimeout': 'PT2S',
});

const asLines = (properties: Properties): string =>
  Object.entries(properties)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');

/** runtime.properties of one process. */
export const runtimeProperties = (cluster: ClusterSettings, role: Role, port: number): string =>
  asLines({
    ...shared(cluster),
    'druid.service': `druid/${role}`,
    'druid.plaintextPort': port,
    ...ofRole(role, cluster.folder),
  });

/** zoo.cfg of the one ZooKeeper, through which the processes find one another. */
export const zooCfg = ({ folder, zookeeper }: ClusterSettings): string =>
  asLines({
    tickTime: 2_000,
    dataDir: `${folder}/zookeeper/data`,
    clientPort: zookeeper,
    clientPortAddress: '127.0.0.1',
    maxClientCnxns: 0,
    'admin.enableServer': false,
  });

export const log4jXml = `<Configuration status="warn">
  <Appenders>
    <Console name="log" target="SYSTEM_OUT"><PatternLayout pattern="%d{ISO8601} %p [%t] %c - %m%n"/></Console>
  </Appenders>
  <Loggers>
    <Root level="warn"><AppenderRef ref="log"/></Root>
  </Loggers>
</Configuration>
`;
