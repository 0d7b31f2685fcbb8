import { endpoints, supportedVersions } from '../requests/endpoints.ts';
import { alterConfigs } from '../protocol/alter-configs.ts';
import { apiVersions } from '../protocol/api-versions.ts';
import { createPartitions } from '../protocol/create-partitions.ts';
import { createTopics } from '../protocol/create-topics.ts';
import { deleteRecords } from '../protocol/delete-records.ts';
import { deleteTopics } from '../protocol/delete-topics.ts';
import { describeConfigs } from '../protocol/describe-configs.ts';
import { fetch } from '../protocol/fetch.ts';
import { initProducerId } from '../protocol/init-producer-id.ts';
import { listOffsets } from '../protocol/list-offsets.ts';
import { metadata } from '../protocol/metadata.ts';
import { saslAuthenticate } from '../protocol/sasl-authenticate.ts';
import { saslHandshake } from '../protocol/sasl-handshake.ts';
import { check, type CodecRow } from './codec-case.ts';

export const topicCases: readonly CodecRow[] = [
  check({
    api: metadata,
    fields: { topics: ['orders'], allowAutoTopicCreation: false },
    request: (version) => ({ topics: ['orders'], allowAutoTopicCreation: version < 4 }),
    response: {
      nodeId: 1,
      host: 'h',
      port: 9092,
      clusterId: 'c',
      topics: [{ errorCode: 0, name: 'orders', partitions: 2 }],
    },
    read: (version) => ({
      brokers: [{ nodeId: 1, host: 'h', port: 9092 }],
      ...(version >= 1 ? { controllerId: 1 } : {}),
      ...(version >= 2 ? { clusterId: 'c' } : {}),
      topicMetadata: [
        { topic: 'orders', partitionMetadata: [{ partitionId: 0, leader: 1, isr: [1] }, { partitionId: 1 }] },
      ],
    }),
  }),
  check({
    api: fetch,
    fields: {
      maxWaitTime: 100,
      minBytes: 5,
      maxBytes: 1000,
      isolationLevel: 0,
      topics: [{ topic: 'orders', partitions: [{ partition: 3, fetchOffset: '12', maxBytes: 900 }] }],
      rackId: '',
    },
    request: () => ({
      maxWaitMs: 100,
      minBytes: 5,
      maxBytes: 1000,
      sessionId: 0,
      topics: [{ name: 'orders', partitions: [{ partition: 3, offset: 12, maxBytes: 900, currentLeaderEpoch: -1 }] }],
    }),
    response: {
      errorCode: 0,
      topics: [
        {
          name: 'orders',
          partitions: [{ partition: 3, errorCode: 0, highWatermark: 12, logStartOffset: 4, records: Buffer.alloc(0) }],
        },
      ],
    },
    read: () => ({
      responses: [
        { topicName: 'orders', partitions: [{ partition: 3, errorCode: 0, highWatermark: '12', messages: [] }] },
      ],
    }),
  }),
  check({
    api: listOffsets,
    fields: {
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ topic: 'orders', partitions: [{ partition: 1, timestamp: -1 }] }],
    },
    request: () => ({
      topics: [{ name: 'orders', partitions: [{ partition: 1, timestamp: -1, currentLeaderEpoch: -1 }] }],
    }),
    response: { topics: [{ name: 'orders', partitions: [{ partition: 1, errorCode: 0, timestamp: -1, offset: 9 }] }] },
    read: () => ({ responses: [{ topic: 'orders', partitions: [{ partition: 1, errorCode: 0, offset: '9' }] }] }),
  }),
  check({
    api: createTopics,
    fields: {
      topics: [
        {
          topic: 'orders',
          numPartitions: 3,
          replicationFactor: 1,
          configEntries: [{ name: 'retention.ms', value: '5' }],
        },
      ],
      timeout: 5000,
      validateOnly: false,
    },
    request: () => ({
      topics: [
        {
          name: 'orders',
          partitions: 3,
          replicationFactor: 1,
          assignments: [],
          configs: [{ name: 'retention.ms', value: '5' }],
        },
      ],
      validateOnly: false,
    }),
    response: [{ name: 'orders', errorCode: 0, errorMessage: null }],
    read: () => ({ topicErrors: [{ topic: 'orders', errorCode: 0 }] }),
  }),
  check({
    api: deleteTopics,
    fields: { topics: ['orders'], timeout: 5000 },
    request: () => ({ topics: ['orders'] }),
    response: [{ name: 'orders', errorCode: 0, errorMessage: null }],
    read: () => ({ topicErrors: [{ topic: 'orders', errorCode: 0 }] }),
  }),
  check({
    api: createPartitions,
    fields: { topicPartitions: [{ topic: 'orders', count: 6 }], timeout: 5000, validateOnly: true },
    request: () => ({ topics: [{ name: 'orders', count: 6 }], validateOnly: true }),
    response: [{ name: 'orders', errorCode: 0, errorMessage: null }],
    read: () => ({ topicErrors: [{ topic: 'orders', errorCode: 0 }] }),
  }),
  check({
    api: deleteRecords,
    fields: { topics: [{ topic: 'orders', partitions: [{ partition: 0, offset: '8' }] }], timeout: 5000 },
    request: () => ({ topics: [{ name: 'orders', partitions: [{ partition: 0, offset: 8 }] }] }),
    response: { topics: [{ name: 'orders', partitions: [{ partition: 0, lowWatermark: 8, errorCode: 0 }] }] },
    read: () => ({ topics: [{ topic: 'orders', partitions: [{ partition: 0, lowWatermark: 8n, errorCode: 0 }] }] }),
  }),
  check({
    api: initProducerId,
    fields: { transactionTimeout: 1000 },
    request: () => ({ transactionalId: null }),
    response: { errorCode: 0, producerId: 4000, producerEpoch: 0 },
    read: () => ({ errorCode: 0, producerId: '4000', producerEpoch: 0 }),
  }),
  check({
    api: describeConfigs,
    fields: { resources: [{ type: 2, name: 'orders', configNames: ['retention.ms'] }], includeSynonyms: false },
    request: () => ({ resources: [{ type: 2, name: 'orders', keys: ['retention.ms'] }] }),
    response: [
      {
        errorCode: 0,
        errorMessage: null,
        type: 2,
        name: 'orders',
        configs: [{ name: 'retention.ms', value: '5', readOnly: false, source: 1 }],
      },
    ],
    read: () => ({
      resources: [
        {
          resourceType: 2,
          resourceName: 'orders',
          configEntries: [{ configName: 'retention.ms', configValue: '5', readOnly: false }],
        },
      ],
    }),
  }),
  check({
    api: alterConfigs,
    fields: {
      resources: [{ type: 2, name: 'orders', configEntries: [{ name: 'retention.ms', value: '5' }] }],
      validateOnly: false,
    },
    request: () => ({
      resources: [{ type: 2, name: 'orders', changes: [{ name: 'retention.ms', operation: 0, value: '5' }] }],
      validateOnly: false,
    }),
    response: [{ errorCode: 0, errorMessage: null, type: 2, name: 'orders' }],
    read: () => ({ resources: [{ errorCode: 0, resourceType: 2, resourceName: 'orders' }] }),
  }),
  check({
    api: apiVersions,
    fields: {},
    request: () => null,
    response: supportedVersions(0),
    read: () => ({
      errorCode: 0,
      apiVersions: endpoints.map(({ key, minVersion, maxVersion }) => ({ apiKey: key, minVersion, maxVersion })),
    }),
  }),
  check({
    api: saslHandshake,
    fields: { mechanism: 'PLAIN' },
    request: () => ({ mechanism: 'PLAIN' }),
    response: { errorCode: 0, mechanisms: ['SCRAM-SHA-256', 'PLAIN'] },
    read: () => ({ errorCode: 0, enabledMechanisms: ['SCRAM-SHA-256', 'PLAIN'] }),
  }),
  check({
    api: saslAuthenticate,
    // kafkajs takes and gives tokens with their size before them.
    fields: { authBytes: Buffer.from('\0\0\0\x05token') },
    request: () => ({ authBytes: Buffer.from('token') }),
    response: { errorCode: 0, errorMessage: null, authBytes: Buffer.from('reply') },
    read: () => ({ errorCode: 0, errorMessage: null, authBytes: Buffer.from('\0\0\0\x05reply') }),
  }),
];
