import { errorCodes } from '../protocol/error-codes.ts';
import type { JoinGroupResponse } from '../protocol/join-group.ts';
import type { SyncGroupResponse } from '../protocol/sync-group.ts';
import { sessionExpired, touchMember, type Group, type Member, type Reply, type Ticket } from './group.ts';

export const joinRefused = (errorCode: number, memberId: string): JoinGroupResponse => ({
  errorCode,
  generationId: -1,
  protocolName: '',
  leader: '',
  memberId,
  members: [],
});

export const syncRefused = (errorCode: number): SyncGroupResponse => ({ errorCode, assignment: Buffer.alloc(0) });

/** Response to a member that joined: the leader also gets everybody's subscription, to assign from. */
export function joinAccepted(group: Group, member: Member): JoinGroupResponse {
  const everybody = [...group.members.values()].map((other) => ({
    memberId: other.id,
    groupInstanceId: other.instanceId,
    metadata: metadataFor(other, group.protocolName),
  }));
  return {
    errorCode: errorCodes.NONE,
    generationId: group.generation,
    protocolName: group.protocolName,
    leader: group.leader,
    memberId: member.id,
    members: member.id === group.leader ? everybody : [],
  };
}

export function metadataFor(member: Member, protocolName: string): Buffer {
  return member.protocols.find(({ name }) => name === protocolName)?.metadata ?? Buffer.alloc(0);
}

/** Takes the requests a member has waiting, to be answered with an error. */
export function refuseWaiting(member: Member, errorCode: number): Reply[] {
  const replies: Reply[] = [];
  if (member.joinTicket !== null) {
    replies.push({ kind: 'join', ticket: member.joinTicket, response: joinRefused(errorCode, member.id) });
  }
  if (member.syncTicket !== null) {
    replies.push({ kind: 'sync', ticket: member.syncTicket, response: syncRefused(errorCode) });
  }
  member.joinTicket = null;
  member.syncTicket = null;
  return replies;
}

/** Whatever clients ask for, a phase lasts long enough not to spin. */
const shortestRebalanceMs = 100;

const longestRebalance = (members: readonly Member[]): number =>
  Math.max(shortestRebalanceMs, ...members.map((member) => member.rebalanceTimeoutMs));

/** Starts a rebalance: members learn of it from their heartbeats and join again. */
export function prepareRebalance(group: Group, now: number): Reply[] {
  const replies: Reply[] = [];
  for (const member of group.members.values()) {
    if (member.syncTicket !== null) {
      const response = syncRefused(errorCodes.REBALANCE_IN_PROGRESS);
      replies.push({ kind: 'sync', ticket: member.syncTicket, response });
      member.syncTicket = null;
      touchMember(member, now);
    }
  }
  group.state = 'PreparingRebalance';
  group.rebalanceEndsAt = now + longestRebalance([...group.members.values()]);
  return [...replies, ...completeWhenAllJoined(group, now)];
}

/** Ends the joining phase once nobody is missing. */
export function completeWhenAllJoined(group: Group, now: number): Reply[] {
  if (group.state !== 'PreparingRebalance' || group.announced.size > 0) return [];
  if ([...group.members.values()].some((member) => member.joinTicket === null)) return [];
  return completeJoin(group, now);
}

/**
 * Starts the next generation with those who joined. Members that did not join in time are dropped, except static ones
 * (KIP-345): they keep their place until their session ends.
 */
export function completeJoin(group: Group, now: number): Reply[] {
  for (const member of [...group.members.values()]) {
    if (member.joinTicket === null && member.instanceId === null) group.members.delete(member.id);
  }
  if (group.members.size === 0) return becomeEmpty(group);
  const joined = [...group.members.values()].filter((member) => member.joinTicket !== null);
  const leader = joined.find((member) => member.id === group.leader) ?? joined[0];
  if (leader === undefined) return prepareRebalance(group, now); // only absent static members: go on waiting for them
  group.generation += 1;
  group.leader = leader.id;
  group.protocolName = chooseProtocol(group);
  group.state = 'CompletingRebalance';
  group.rebalanceEndsAt = now + longestRebalance(joined);
  return joined.flatMap((member) => answerJoin(group, member, now));
}

function becomeEmpty(group: Group): Reply[] {
  group.state = 'Empty';
  group.generation += 1;
  group.leader = '';
  group.protocolName = '';
  group.rebalanceEndsAt = Infinity;
  return [];
}

function answerJoin(group: Group, member: Member, now: number): Reply[] {
  const ticket: Ticket | null = member.joinTicket;
  member.joinTicket = null;
  member.synced = false;
  member.assignment = Buffer.alloc(0);
  touchMember(member, now);
  return ticket === null ? [] : [{ kind: 'join', ticket, response: joinAccepted(group, member) }];
}

/** The names of the strategies that every member supports. */
export function commonProtocols(group: Group): string[] {
  const [first, ...others] = [...group.members.values()];
  const names = first?.protocols.map(({ name }) => name) ?? [];
  return names.filter((name) => others.every((member) => member.protocols.some((protocol) => protocol.name === name)));
}

/** Each member votes for the common strategy that it lists first; most votes win. */
function chooseProtocol(group: Group): string {
  const candidates = commonProtocols(group);
  const votes = new Map(candidates.map((name) => [name, 0]));
  for (const member of group.members.values()) {
    const vote = member.protocols.find(({ name }) => votes.has(name))?.name;
    if (vote !== undefined) votes.set(vote, (votes.get(vote) ?? 0) + 1);
  }
  return candidates.reduce(
    (best, name) => ((votes.get(name) ?? 0) > (votes.get(best) ?? 0) ? name : best),
    candidates[0] ?? '',
  );
}

/** Removes a member; the others share its partitions. */
export function removeMember(group: Group, member: Member, now: number): Reply[] {
  group.members.delete(member.id);
  const refused = refuseWaiting(member, errorCodes.UNKNOWN_MEMBER_ID);
  return [...refused, ...afterRemoval(group, now)];
}

function afterRemoval(group: Group, now: number): Reply[] {
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') return prepareRebalance(group, now);
  if (group.state === 'PreparingRebalance' && group.members.size > 0) return completeWhenAllJoined(group, now);
  if (group.state === 'PreparingRebalance' && group.announced.size === 0) return becomeEmpty(group);
  return [];
}

/** Lets time pass: sessions end, announced ids lapse, phases of a rebalance run out. */
export function passTime(group: Group, now: number): Reply[] {
  const replies: Reply[] = [];
  for (const [memberId, until] of group.announced) {
    if (until <= now) group.announced.delete(memberId);
  }
  for (const member of [...group.members.values()]) {
    if (sessionExpired(member, now)) replies.push(...removeMember(group, member, now));
  }
  replies.push(...completeWhenAllJoined(group, now));
  if (group.rebalanceEndsAt <= now) replies.push(...endPhase(group, now));
  return replies;
}

function endPhase(group: Group, now: number): Reply[] {
  if (group.state === 'PreparingRebalance') {
    group.announced.clear();
    return completeJoin(group, now);
  }
  // Members that joined but never asked for their partitions keep them from everybody else.
  group.rebalanceEndsAt = Infinity;
  const silent = [...group.members.values()].filter((member) => !member.synced);
  return silent.flatMap((member) => removeMember(group, member, now));
}
