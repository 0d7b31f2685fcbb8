import { errorCodes } from '../protocol/error-codes.ts';
import type { FindCoordinatorRequest, FindCoordinatorResponse } from '../protocol/find-coordinator.ts';
import type { MetadataRequest, MetadataResponse, TopicMetadata } from '../protocol/metadata.ts';
import { createTopic, isTopicName } from '../topics/topic-store.ts';
import type { BrokerState, Call } from './broker-state.ts';

export async function handleMetadata(
  request: MetadataRequest,
  state: BrokerState,
  call: Call,
): Promise<MetadataResponse> {
  const names = request.topics ?? [...state.topics.topics.keys()];
  const mayCreate = state.autoCreateTopics && request.allowAutoTopicCreation && request.topics !== null;
  const topics: TopicMetadata[] = [];
  for (const name of new Set(names)) topics.push(await describe(state, name, mayCreate));
  return { nodeId: state.nodeId, clusterId: state.clusterId, topics, ...call.advertised };
}

async function describe(state: BrokerState, name: string, mayCreate: boolean): Promise<TopicMetadata> {
  if (!isTopicName(name)) return { errorCode: errorCodes.INVALID_TOPIC_EXCEPTION, name, partitions: 0 };
  if (mayCreate && !state.topics.topics.has(name)) {
    await createTopic(state.topics, name, state.topics.defaults.partitions, {});
  }
  const topic = state.topics.topics.get(name);
  if (topic === undefined) return { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, name, partitions: 0 };
  return { errorCode: errorCodes.NONE, name, partitions: topic.partitions.length };
}

/** There is one broker, so it coordinates every group. */
export function handleFindCoordinator(
  request: FindCoordinatorRequest,
  state: BrokerState,
  call: Call,
): FindCoordinatorResponse {
  if (request.keyType === 'transaction') {
    const errorMessage = `"${request.key}" is a transactional id: transactions are not supported by this broker`;
    return { errorCode: errorCodes.INVALID_REQUEST, errorMessage, nodeId: -1, host: '', port: -1 };
  }
  return { errorCode: errorCodes.NONE, errorMessage: null, nodeId: state.nodeId, ...call.advertised };
}
