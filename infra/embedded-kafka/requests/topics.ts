import { changeOffsets, deletionsOf } from '../groups/committed-offsets.ts';
import { deleteRecordsBefore } from '../log/retention.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import type { CreatePartitionsRequest } from '../protocol/create-partitions.ts';
import type { CreateTopicsRequest, TopicToCreate } from '../protocol/create-topics.ts';
import type { DeletedRecords, DeleteRecordsRequest, DeleteRecordsResponse } from '../protocol/delete-records.ts';
import type { TopicResult } from '../protocol/topic-result.ts';
import { settingProblem } from '../topics/topic-settings.ts';
import { createTopic, deleteTopic, growTopic, isTopicName } from '../topics/topic-store.ts';
import { findPartition, type BrokerState } from './broker-state.ts';

/** Each partition keeps files open; more than this on one node is a mistake. */
const mostPartitions = 1000;

const done = (name: string): TopicResult => ({ name, errorCode: errorCodes.NONE, errorMessage: null });

export async function handleCreateTopics(request: CreateTopicsRequest, state: BrokerState): Promise<TopicResult[]> {
  const results: TopicResult[] = [];
  for (const topic of request.topics) results.push(await create(topic, state, request.validateOnly));
  return results;
}

async function create(topic: TopicToCreate, state: BrokerState, validateOnly: boolean): Promise<TopicResult> {
  const { name } = topic;
  const problem = createProblem(topic, state);
  if (problem) return { name, ...problem };
  if (validateOnly) return done(name);
  const overrides = Object.fromEntries(topic.configs.map((config) => [config.name, config.value ?? '']));
  const created = await createTopic(state.topics, name, partitionsOf(topic, state), overrides);
  return created ? done(name) : { name, ...taken(name) };
}

type Problem = { readonly errorCode: number; readonly errorMessage: string };

const taken = (name: string): Problem => ({
  errorCode: errorCodes.TOPIC_ALREADY_EXISTS,
  errorMessage: `topic ${name} exists already`,
});

function partitionsOf({ assignments, partitions }: TopicToCreate, state: BrokerState): number {
  if (assignments.length > 0) return assignments.length;
  return partitions === -1 ? state.topics.defaults.partitions : partitions;
}

function createProblem(topic: TopicToCreate, state: BrokerState): Problem | null {
  const { name, replicationFactor, configs, assignments } = topic;
  if (!isTopicName(name)) {
    const errorMessage = `"${name}" is no topic name: 1 to 249 of letters, digits, ".", "_" and "-", but not "." or ".."`;
    return { errorCode: errorCodes.INVALID_TOPIC_EXCEPTION, errorMessage };
  }
  if (state.topics.topics.has(name)) return taken(name);
  const elsewhere = assignments.some(({ brokers }) => brokers.length !== 1 || brokers[0] !== state.nodeId);
  if (elsewhere) {
    const errorMessage = `replicas can only be assigned to broker ${state.nodeId}, there is no other`;
    return { errorCode: errorCodes.INVALID_REPLICA_ASSIGNMENT, errorMessage };
  }
  if (replicationFactor !== 1 && replicationFactor !== -1) {
    const errorMessage = `replication factor ${replicationFactor} with one broker: use 1, or -1 for the default`;
    return { errorCode: errorCodes.INVALID_REPLICATION_FACTOR, errorMessage };
  }
  const count = countProblem(partitionsOf(topic, state));
  if (count) return count;
  const setting = configs
    .map((config) => settingProblem(config.name, config.value))
    .find((problem) => problem !== null);
  return setting === undefined ? null : { errorCode: errorCodes.INVALID_CONFIG, errorMessage: setting };
}

function countProblem(partitions: number): Problem | null {
  if (partitions >= 1 && partitions <= mostPartitions) return null;
  const errorMessage = `${partitions} partitions: a topic has 1 to ${mostPartitions}`;
  return { errorCode: errorCodes.INVALID_PARTITIONS, errorMessage };
}

const unknownTopic = (name: string): TopicResult => ({
  name,
  errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
  errorMessage: `there is no topic ${name}`,
});

/** Deletes the topics, their records and what groups have committed for them. */
export async function handleDeleteTopics(
  request: { readonly topics: readonly string[] },
  state: BrokerState,
): Promise<TopicResult[]> {
  const results: TopicResult[] = [];
  for (const name of request.topics) {
    const deleted = await deleteTopic(state.topics, name);
    if (deleted) await changeOffsets(state.offsets, deletionsOf(state.offsets, { topic: name }));
    results.push(deleted ? done(name) : unknownTopic(name));
  }
  return results;
}

export async function handleCreatePartitions(
  request: CreatePartitionsRequest,
  state: BrokerState,
): Promise<TopicResult[]> {
  const results: TopicResult[] = [];
  for (const { name, count } of request.topics) results.push(await grow(name, count, state, request.validateOnly));
  return results;
}

async function grow(name: string, count: number, state: BrokerState, validateOnly: boolean): Promise<TopicResult> {
  const topic = state.topics.topics.get(name);
  if (topic === undefined) return unknownTopic(name);
  const problem = countProblem(count);
  if (problem) return { name, ...problem };
  if (count <= topic.partitions.length) {
    const errorMessage = `topic ${name} has ${topic.partitions.length} partitions already, ${count} would not be more`;
    return { name, errorCode: errorCodes.INVALID_PARTITIONS, errorMessage };
  }
  if (!validateOnly) await growTopic(state.topics, topic, count);
  return done(name);
}

export async function handleDeleteRecords(
  request: DeleteRecordsRequest,
  state: BrokerState,
): Promise<DeleteRecordsResponse> {
  const topics = await Promise.all(
    request.topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(
        partitions.map(({ partition, offset }) => deleteBefore(state, name, partition, offset)),
      ),
    })),
  );
  return { topics };
}

async function deleteBefore(
  state: BrokerState,
  topic: string,
  partition: number,
  offset: number,
): Promise<DeletedRecords> {
  const log = findPartition(state, topic, partition);
  if (log === undefined) return { partition, lowWatermark: -1, errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION };
  if (offset < -1 || offset > log.highWatermark) {
    return { partition, lowWatermark: -1, errorCode: errorCodes.OFFSET_OUT_OF_RANGE };
  }
  await deleteRecordsBefore(log, offset === -1 ? log.highWatermark : offset);
  return { partition, lowWatermark: log.startOffset, errorCode: errorCodes.NONE };
}
