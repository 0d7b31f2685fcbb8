import { changeOffsets, deletionsOf } from '../groups/committed-offsets.ts';
import { heartbeatGroup, joinGroup, leaveGroup, syncGroup } from '../groups/coordinator.ts';
import type { Group } from '../groups/group.ts';
import { metadataFor } from '../groups/rebalance.ts';
import type { DeletedGroup } from '../protocol/delete-groups.ts';
import type { DescribedGroup } from '../protocol/describe-groups.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import type { HeartbeatRequest } from '../protocol/heartbeat.ts';
import type { JoinGroupRequest, JoinGroupResponse } from '../protocol/join-group.ts';
import type { LeaveGroupRequest, LeaveGroupResponse } from '../protocol/leave-group.ts';
import type { ListedGroup } from '../protocol/list-groups.ts';
import type { SyncGroupRequest, SyncGroupResponse } from '../protocol/sync-group.ts';
import type { BrokerState, Call } from './broker-state.ts';

export function handleJoinGroup(request: JoinGroupRequest, state: BrokerState, call: Call): Promise<JoinGroupResponse> {
  return joinGroup(state.coordinator, request, { clientId: call.clientId, clientHost: call.clientHost });
}

export function handleSyncGroup(request: SyncGroupRequest, state: BrokerState): Promise<SyncGroupResponse> {
  return syncGroup(state.coordinator, request);
}

export function handleHeartbeat(request: HeartbeatRequest, state: BrokerState): { readonly errorCode: number } {
  return { errorCode: heartbeatGroup(state.coordinator, request) };
}

export function handleLeaveGroup(request: LeaveGroupRequest, state: BrokerState): LeaveGroupResponse {
  const members = request.members.map((member) => ({
    ...member,
    errorCode: leaveGroup(state.coordinator, request.groupId, member),
  }));
  return { errorCode: errorCodes.NONE, members };
}

/** Groups that only have committed offsets are empty groups; others are unknown, which Kafka calls dead. */
export function handleDescribeGroups(
  request: { readonly groupIds: readonly string[] },
  state: BrokerState,
): DescribedGroup[] {
  return request.groupIds.map((groupId) => {
    const group = state.coordinator.groups.get(groupId);
    if (group) return describe(group);
    const known = state.offsets.table.has(groupId);
    const nobody = { protocolType: '', protocolName: '', members: [] };
    return { errorCode: errorCodes.NONE, groupId, state: known ? 'Empty' : 'Dead', ...nobody };
  });
}

function describe(group: Group): DescribedGroup {
  return {
    errorCode: errorCodes.NONE,
    groupId: group.id,
    state: group.state,
    protocolType: group.protocolType,
    protocolName: group.state === 'Stable' ? group.protocolName : '',
    members: [...group.members.values()].map((member) => ({
      memberId: member.id,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      metadata: group.state === 'Stable' ? metadataFor(member, group.protocolName) : Buffer.alloc(0),
      assignment: member.assignment,
    })),
  };
}

export function handleListGroups(_request: null, state: BrokerState): ListedGroup[] {
  const live = [...state.coordinator.groups.values()].map(({ id, protocolType }) => ({ groupId: id, protocolType }));
  const others = [...state.offsets.table.keys()].filter((groupId) => !state.coordinator.groups.has(groupId));
  return [...live, ...others.map((groupId) => ({ groupId, protocolType: 'consumer' }))];
}

export async function handleDeleteGroups(
  request: { readonly groupIds: readonly string[] },
  state: BrokerState,
): Promise<DeletedGroup[]> {
  const results: DeletedGroup[] = [];
  for (const groupId of request.groupIds) results.push({ groupId, errorCode: await deleteGroup(groupId, state) });
  return results;
}

async function deleteGroup(groupId: string, state: BrokerState): Promise<number> {
  if ((state.coordinator.groups.get(groupId)?.members.size ?? 0) > 0) return errorCodes.NON_EMPTY_GROUP;
  const deletions = deletionsOf(state.offsets, { group: groupId });
  if (deletions.length === 0 && !state.coordinator.groups.has(groupId)) return errorCodes.GROUP_ID_NOT_FOUND;
  await changeOffsets(state.offsets, deletions);
  return errorCodes.NONE;
}
