import { alterConfigs, incrementalAlterConfigs } from '../protocol/alter-configs.ts';
import { apiVersions, type ApiVersionsResponse } from '../protocol/api-versions.ts';
import { createPartitions } from '../protocol/create-partitions.ts';
import { createTopics } from '../protocol/create-topics.ts';
import { deleteGroups } from '../protocol/delete-groups.ts';
import { deleteRecords } from '../protocol/delete-records.ts';
import { deleteTopics } from '../protocol/delete-topics.ts';
import { describeConfigs } from '../protocol/describe-configs.ts';
import { describeGroups } from '../protocol/describe-groups.ts';
import { fetch } from '../protocol/fetch.ts';
import { findCoordinator } from '../protocol/find-coordinator.ts';
import { heartbeat } from '../protocol/heartbeat.ts';
import { initProducerId } from '../protocol/init-producer-id.ts';
import { joinGroup } from '../protocol/join-group.ts';
import { leaveGroup } from '../protocol/leave-group.ts';
import { listGroups } from '../protocol/list-groups.ts';
import { listOffsets } from '../protocol/list-offsets.ts';
import { metadata } from '../protocol/metadata.ts';
import { offsetCommit } from '../protocol/offset-commit.ts';
import { offsetFetch } from '../protocol/offset-fetch.ts';
import { produce } from '../protocol/produce.ts';
import { saslAuthenticate } from '../protocol/sasl-authenticate.ts';
import { saslHandshake } from '../protocol/sasl-handshake.ts';
import { syncGroup } from '../protocol/sync-group.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import { handleAlterConfigs, handleDescribeConfigs, handleIncrementalAlterConfigs } from './configs.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import { handleFetch } from './fetch.ts';
import {
  handleDeleteGroups,
  handleDescribeGroups,
  handleHeartbeat,
  handleJoinGroup,
  handleLeaveGroup,
  handleListGroups,
  handleSyncGroup,
} from './groups.ts';
import { handleInitProducerId } from './init-producer-id.ts';
import { handleListOffsets } from './list-offsets.ts';
import { handleFindCoordinator, handleMetadata } from './metadata.ts';
import { handleOffsetCommit, handleOffsetFetch } from './offsets.ts';
import { handleProduce } from './produce.ts';
import { handleSaslAuthenticate, handleSaslHandshake } from './sasl.ts';
import { handleCreatePartitions, handleCreateTopics, handleDeleteRecords, handleDeleteTopics } from './topics.ts';

/** Everything the broker speaks. */
export const endpoints: readonly Endpoint[] = [
  endpoint(produce, handleProduce),
  endpoint(fetch, handleFetch),
  endpoint(listOffsets, handleListOffsets),
  endpoint(metadata, handleMetadata),
  endpoint(offsetCommit, handleOffsetCommit),
  endpoint(offsetFetch, handleOffsetFetch),
  endpoint(findCoordinator, handleFindCoordinator),
  endpoint(joinGroup, handleJoinGroup),
  endpoint(heartbeat, handleHeartbeat),
  endpoint(leaveGroup, handleLeaveGroup),
  endpoint(syncGroup, handleSyncGroup),
  endpoint(describeGroups, handleDescribeGroups),
  endpoint(listGroups, handleListGroups),
  endpoint(saslHandshake, handleSaslHandshake),
  endpoint(apiVersions, () => supportedVersions(errorCodes.NONE)),
  endpoint(createTopics, handleCreateTopics),
  endpoint(deleteTopics, handleDeleteTopics),
  endpoint(deleteRecords, handleDeleteRecords),
  endpoint(initProducerId, handleInitProducerId),
  endpoint(describeConfigs, handleDescribeConfigs),
  endpoint(alterConfigs, handleAlterConfigs),
  endpoint(saslAuthenticate, handleSaslAuthenticate),
  endpoint(createPartitions, handleCreatePartitions),
  endpoint(deleteGroups, handleDeleteGroups),
  endpoint(incrementalAlterConfigs, handleIncrementalAlterConfigs),
];

export function supportedVersions(errorCode: number): ApiVersionsResponse {
  return { errorCode, apis: endpoints };
}
