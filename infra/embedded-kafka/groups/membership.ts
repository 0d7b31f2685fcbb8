import { errorCodes } from '../protocol/error-codes.ts';
import type { LeavingMember } from '../protocol/leave-group.ts';
import type { SyncGroupRequest } from '../protocol/sync-group.ts';
import { memberOfInstance, touchMember, type Group, type Member, type Reply, type Ticket } from './group.ts';
import { completeWhenAllJoined, removeMember, syncRefused } from './rebalance.ts';

type Identity = {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly generationId: number;
};

/** Error code of a request that claims to come from a member of the current generation; NONE when it does. */
function identityProblem(group: Group, { memberId, groupInstanceId, generationId }: Identity): number {
  const holder = memberOfInstance(group, groupInstanceId);
  if (holder && holder.id !== memberId) return errorCodes.FENCED_INSTANCE_ID;
  if (!group.members.has(memberId)) return errorCodes.UNKNOWN_MEMBER_ID;
  return generationId === group.generation ? errorCodes.NONE : errorCodes.ILLEGAL_GENERATION;
}

/** A member asks for its partitions; the leader brings everybody's. */
export function sync(group: Group, request: SyncGroupRequest, ticket: Ticket, now: number): Reply[] {
  const problem = identityProblem(group, request);
  if (problem !== errorCodes.NONE) return [{ kind: 'sync', ticket, response: syncRefused(problem) }];
  const member = group.members.get(request.memberId);
  if (member === undefined || group.state === 'PreparingRebalance' || group.state === 'Empty') {
    return [{ kind: 'sync', ticket, response: syncRefused(errorCodes.REBALANCE_IN_PROGRESS) }];
  }
  member.synced = true;
  touchMember(member, now);
  if (group.state === 'Stable') {
    return [{ kind: 'sync', ticket, response: { errorCode: errorCodes.NONE, assignment: member.assignment } }];
  }
  member.syncTicket = ticket;
  return member.id === group.leader ? assign(group, request.assignments, now) : [];
}

function assign(group: Group, assignments: SyncGroupRequest['assignments'], now: number): Reply[] {
  const byMember = new Map(assignments.map(({ memberId, assignment }) => [memberId, assignment]));
  group.state = 'Stable';
  return [...group.members.values()].flatMap((member): Reply[] => {
    member.assignment = byMember.get(member.id) ?? Buffer.alloc(0);
    const ticket = member.syncTicket;
    if (ticket === null) return [];
    member.syncTicket = null;
    touchMember(member, now);
    return [{ kind: 'sync', ticket, response: { errorCode: errorCodes.NONE, assignment: member.assignment } }];
  });
}

/** A sign of life. Returns REBALANCE_IN_PROGRESS when the member should join again. */
export function heartbeat(group: Group, identity: Identity, now: number): number {
  const problem = identityProblem(group, identity);
  if (problem !== errorCodes.NONE) return problem;
  const member = group.members.get(identity.memberId);
  if (member) touchMember(member, now);
  return group.state === 'PreparingRebalance' ? errorCodes.REBALANCE_IN_PROGRESS : errorCodes.NONE;
}

/** Error code of a commit of offsets; NONE for a current member, and for anyone while the group has no members. */
export function commitProblem(group: Group, identity: Identity, now: number): number {
  if (identity.generationId < 0 && group.members.size === 0) return errorCodes.NONE;
  const problem = identityProblem(group, identity);
  if (problem !== errorCodes.NONE) return problem;
  const member = group.members.get(identity.memberId);
  if (member) touchMember(member, now);
  return group.state === 'CompletingRebalance' ? errorCodes.REBALANCE_IN_PROGRESS : errorCodes.NONE;
}

/** A member, named by its id or by its instance, leaves. */
export function leave(
  group: Group,
  leaving: LeavingMember,
  now: number,
): { readonly errorCode: number; readonly replies: Reply[] } {
  const { memberId, groupInstanceId } = leaving;
  if (group.announced.delete(memberId)) {
    return { errorCode: errorCodes.NONE, replies: completeWhenAllJoined(group, now) };
  }
  const holder = memberOfInstance(group, groupInstanceId);
  if (holder && memberId !== '' && holder.id !== memberId)
    return { errorCode: errorCodes.FENCED_INSTANCE_ID, replies: [] };
  const member: Member | undefined = holder ?? (groupInstanceId === null ? group.members.get(memberId) : undefined);
  if (member === undefined) return { errorCode: errorCodes.UNKNOWN_MEMBER_ID, replies: [] };
  return { errorCode: errorCodes.NONE, replies: removeMember(group, member, now) };
}
