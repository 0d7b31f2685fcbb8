import { errorCodes } from '../protocol/error-codes.ts';
import type { GroupProtocol, JoinGroupRequest } from '../protocol/join-group.ts';
import { memberOfInstance, touchMember, type Group, type Member, type Reply, type Ticket } from './group.ts';
import {
  commonProtocols,
  completeWhenAllJoined,
  joinAccepted,
  joinRefused,
  metadataFor,
  prepareRebalance,
  refuseWaiting,
} from './rebalance.ts';

export const sessionTimeoutLimits = { minMs: 500, maxMs: 30 * 60 * 1000 } as const;

export type Joining = {
  readonly request: JoinGroupRequest;
  readonly ticket: Ticket;
  readonly now: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** An id that no member had before. */
  readonly newMemberId: string;
};

/** A consumer joins, or joins again. The answer may come at once or when the rebalance completes. */
export function join(group: Group, joining: Joining): Reply[] {
  const { request } = joining;
  const problem = joinProblem(group, request);
  if (problem !== null) return refuse(joining, problem);
  const holder = memberOfInstance(group, request.groupInstanceId);
  if (request.memberId === '') return holder ? replaceStatic(group, holder, joining) : admit(group, joining);
  if (holder && holder.id !== request.memberId) return refuse(joining, errorCodes.FENCED_INSTANCE_ID);
  const member = group.members.get(request.memberId);
  if (member) return rejoin(group, member, joining);
  if (!group.announced.delete(request.memberId)) return refuse(joining, errorCodes.UNKNOWN_MEMBER_ID);
  return enter(group, request.memberId, joining);
}

function refuse({ ticket, request }: Joining, errorCode: number): Reply[] {
  return [{ kind: 'join', ticket, response: joinRefused(errorCode, request.memberId) }];
}

function joinProblem(group: Group, request: JoinGroupRequest): number | null {
  const { sessionTimeoutMs, protocols, protocolType } = request;
  if (sessionTimeoutMs < sessionTimeoutLimits.minMs || sessionTimeoutMs > sessionTimeoutLimits.maxMs) {
    return errorCodes.INVALID_SESSION_TIMEOUT;
  }
  if (protocolType === '' || protocols.length === 0) return errorCodes.INCONSISTENT_GROUP_PROTOCOL;
  const others = [...group.members.values()].filter(
    (member) =>
      member.id !== request.memberId && (member.instanceId === null || member.instanceId !== request.groupInstanceId),
  );
  if (others.length === 0) return null;
  const shared = commonProtocols({ ...group, members: new Map(others.map((member) => [member.id, member])) });
  const agrees = group.protocolType === protocolType && protocols.some(({ name }) => shared.includes(name));
  return agrees ? null : errorCodes.INCONSISTENT_GROUP_PROTOCOL;
}

/** A new dynamic member gets its id first where the client can deal with that, so that lost answers leave no ghosts. */
function admit(group: Group, joining: Joining): Reply[] {
  const { request, now, newMemberId } = joining;
  if (!request.requireMemberId || request.groupInstanceId !== null) return enter(group, newMemberId, joining);
  group.announced.set(newMemberId, now + request.sessionTimeoutMs);
  const response = joinRefused(errorCodes.MEMBER_ID_REQUIRED, newMemberId);
  return [{ kind: 'join', ticket: joining.ticket, response }];
}

function enter(group: Group, memberId: string, joining: Joining): Reply[] {
  const { request, now } = joining;
  if (group.members.size === 0) group.protocolType = request.protocolType;
  const member: Member = {
    id: memberId,
    instanceId: request.groupInstanceId,
    clientId: joining.clientId,
    clientHost: joining.clientHost,
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    protocols: request.protocols,
    assignment: Buffer.alloc(0),
    joinTicket: joining.ticket,
    syncTicket: null,
    synced: false,
    expiresAt: now + request.sessionTimeoutMs,
  };
  group.members.set(memberId, member);
  return waitForOthers(group, now);
}

function waitForOthers(group: Group, now: number): Reply[] {
  return group.state === 'PreparingRebalance' ? completeWhenAllJoined(group, now) : prepareRebalance(group, now);
}

function rejoin(group: Group, member: Member, joining: Joining): Reply[] {
  const { request, now, ticket } = joining;
  const unchanged = sameProtocols(member.protocols, request.protocols);
  const nothingNew =
    unchanged && (group.state === 'CompletingRebalance' || (group.state === 'Stable' && group.leader !== member.id));
  if (nothingNew) {
    touchMember(member, now);
    return [{ kind: 'join', ticket, response: joinAccepted(group, member) }];
  }
  const replies = refuseWaiting(member, errorCodes.REBALANCE_IN_PROGRESS);
  update(member, joining);
  return [...replies, ...waitForOthers(group, now)];
}

function update(member: Member, { request, ticket, now }: Joining): void {
  member.protocols = request.protocols;
  member.sessionTimeoutMs = request.sessionTimeoutMs;
  member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
  member.joinTicket = ticket;
  touchMember(member, now);
}

/**
 * A static member came back without its id: it takes its old place under a new one and the old id is fenced. In a
 * stable group with an unchanged subscription nobody else notices.
 */
function replaceStatic(group: Group, old: Member, joining: Joining): Reply[] {
  const { request, now, ticket, newMemberId } = joining;
  const replies = refuseWaiting(old, errorCodes.FENCED_INSTANCE_ID);
  const member: Member = { ...old, id: newMemberId, clientId: joining.clientId, clientHost: joining.clientHost };
  group.members.delete(old.id);
  group.members.set(member.id, member);
  const leaderBefore = group.leader;
  if (leaderBefore === old.id) group.leader = member.id;
  const subscription = request.protocols.find(({ name }) => name === group.protocolName)?.metadata;
  const quiet = group.state === 'Stable' && subscription?.equals(metadataFor(old, group.protocolName)) === true;
  update(member, joining);
  if (!quiet) return [...replies, ...waitForOthers(group, now)];
  member.joinTicket = null;
  // Told that the old id leads, the client acts as a follower and keeps the assignment (KIP-345).
  const response = { ...joinAccepted(group, member), leader: leaderBefore, members: [] };
  return [...replies, { kind: 'join', ticket, response }];
}

function sameProtocols(left: readonly GroupProtocol[], right: readonly GroupProtocol[]): boolean {
  if (left.length !== right.length) return false;
  return left.every((protocol, position) => {
    const other = right[position];
    return other !== undefined && other.name === protocol.name && other.metadata.equals(protocol.metadata);
  });
}
