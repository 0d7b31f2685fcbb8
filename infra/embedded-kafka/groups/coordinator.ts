import { randomUUID } from 'node:crypto';
import type { HeartbeatRequest } from '../protocol/heartbeat.ts';
import type { JoinGroupRequest, JoinGroupResponse } from '../protocol/join-group.ts';
import type { LeavingMember } from '../protocol/leave-group.ts';
import type { SyncGroupRequest, SyncGroupResponse } from '../protocol/sync-group.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import { emptyGroup, nextDeadline, type Group, type Reply, type Ticket } from './group.ts';
import { join } from './join.ts';
import { commitProblem, heartbeat, leave, sync } from './membership.ts';
import { joinRefused, passTime, syncRefused } from './rebalance.ts';

/** Timers longer than this overflow in Node and fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Gives the groups what they do without: time, timers, and the way back to the requests that wait. */
export type Coordinator = {
  readonly groups: Map<string, Group>;
  readonly timers: Map<string, NodeJS.Timeout>;
  readonly joins: Map<Ticket, (response: JoinGroupResponse) => void>;
  readonly syncs: Map<Ticket, (response: SyncGroupResponse) => void>;
  lastTicket: Ticket;
  closed: boolean;
};

export const openCoordinator = (): Coordinator => ({
  groups: new Map(),
  timers: new Map(),
  joins: new Map(),
  syncs: new Map(),
  lastTicket: 0,
  closed: false,
});

/** Session times must not jump when somebody sets the machine's clock. */
const monotonicNow = (): number => performance.now();

function groupOf(coordinator: Coordinator, id: string): Group {
  const group = coordinator.groups.get(id) ?? emptyGroup(id);
  coordinator.groups.set(id, group);
  return group;
}

/** Delivers what became due and arranges to be woken when time alone will change the group. */
function settle(coordinator: Coordinator, group: Group, replies: readonly Reply[]): void {
  for (const reply of replies) {
    if (reply.kind === 'join') {
      coordinator.joins.get(reply.ticket)?.(reply.response);
      coordinator.joins.delete(reply.ticket);
    } else {
      coordinator.syncs.get(reply.ticket)?.(reply.response);
      coordinator.syncs.delete(reply.ticket);
    }
  }
  arrange(coordinator, group);
}

function arrange(coordinator: Coordinator, group: Group): void {
  clearTimeout(coordinator.timers.get(group.id));
  coordinator.timers.delete(group.id);
  if (group.members.size === 0 && group.announced.size === 0) coordinator.groups.delete(group.id);
  const deadline = nextDeadline(group);
  if (coordinator.closed || deadline === Infinity) return;
  const wait = Math.min(longestTimerMs, Math.max(1, Math.ceil(deadline - monotonicNow())));
  const timer = setTimeout(() => settle(coordinator, group, passTime(group, monotonicNow())), wait);
  coordinator.timers.set(group.id, timer.unref());
}

export function joinGroup(
  coordinator: Coordinator,
  request: JoinGroupRequest,
  client: { readonly clientId: string; readonly clientHost: string },
): Promise<JoinGroupResponse> {
  if (request.groupId === '') return Promise.resolve(joinRefused(errorCodes.INVALID_GROUP_ID, request.memberId));
  if (coordinator.closed) return Promise.resolve(joinRefused(errorCodes.COORDINATOR_NOT_AVAILABLE, request.memberId));
  const group = groupOf(coordinator, request.groupId);
  const ticket = (coordinator.lastTicket += 1);
  const newMemberId = `${request.groupInstanceId ?? client.clientId}-${randomUUID()}`;
  return new Promise((resolve) => {
    coordinator.joins.set(ticket, resolve);
    settle(coordinator, group, join(group, { request, ticket, now: monotonicNow(), newMemberId, ...client }));
  });
}

export function syncGroup(coordinator: Coordinator, request: SyncGroupRequest): Promise<SyncGroupResponse> {
  const group = coordinator.groups.get(request.groupId);
  if (group === undefined) return Promise.resolve(syncRefused(errorCodes.UNKNOWN_MEMBER_ID));
  const ticket = (coordinator.lastTicket += 1);
  return new Promise((resolve) => {
    coordinator.syncs.set(ticket, resolve);
    settle(coordinator, group, sync(group, request, ticket, monotonicNow()));
  });
}

export function heartbeatGroup(coordinator: Coordinator, request: HeartbeatRequest): number {
  const group = coordinator.groups.get(request.groupId);
  if (group === undefined) return errorCodes.UNKNOWN_MEMBER_ID;
  // The timer may wake too early now; it then finds nothing to do and is set again.
  return heartbeat(group, request, monotonicNow());
}

export function leaveGroup(coordinator: Coordinator, groupId: string, leaving: LeavingMember): number {
  const group = coordinator.groups.get(groupId);
  if (group === undefined) return errorCodes.UNKNOWN_MEMBER_ID;
  const { errorCode, replies } = leave(group, leaving, monotonicNow());
  settle(coordinator, group, replies);
  return errorCode;
}

/** NONE when the sender may commit offsets for the group. */
export function mayCommit(
  coordinator: Coordinator,
  request: { readonly groupId: string } & Parameters<typeof commitProblem>[1],
): number {
  const group = coordinator.groups.get(request.groupId) ?? emptyGroup(request.groupId);
  return commitProblem(group, request, monotonicNow());
}

/** Refuses everything that waits, so that clients look for their coordinator again. */
export function closeCoordinator(coordinator: Coordinator): void {
  coordinator.closed = true;
  for (const timer of coordinator.timers.values()) clearTimeout(timer);
  for (const answer of coordinator.joins.values()) answer(joinRefused(errorCodes.COORDINATOR_NOT_AVAILABLE, ''));
  for (const answer of coordinator.syncs.values()) answer(syncRefused(errorCodes.COORDINATOR_NOT_AVAILABLE));
  coordinator.joins.clear();
  coordinator.syncs.clear();
}
