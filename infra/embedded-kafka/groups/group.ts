import type { GroupProtocol, JoinGroupResponse } from '../protocol/join-group.ts';
import type { SyncGroupResponse } from '../protocol/sync-group.ts';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

/** Names a request whose answer is still owed; the edge knows which connection it came from. */
export type Ticket = number;

/** An answer that became due. */
export type Reply =
  | { readonly kind: 'join'; readonly ticket: Ticket; readonly response: JoinGroupResponse }
  | { readonly kind: 'sync'; readonly ticket: Ticket; readonly response: SyncGroupResponse };

export type Member = {
  readonly id: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: readonly GroupProtocol[];
  assignment: Buffer;
  /** Requests that wait for the rebalance. While one waits, the member counts as alive. */
  joinTicket: Ticket | null;
  syncTicket: Ticket | null;
  /** True when it sent SyncGroup in this generation. */
  synced: boolean;
  /** When it is declared dead unless it is heard of; in the clock's milliseconds. */
  expiresAt: number;
};

/**
 * A consumer group (the classic protocol: join, sync, heartbeat, leave). The functions of this folder change it in
 * place and return the answers that became due; they know neither sockets nor timers, and take the time as an argument.
 */
export type Group = {
  readonly id: string;
  state: GroupState;
  generation: number;
  protocolType: string;
  /** The assignment strategy all members agreed on, '' while there is none. */
  protocolName: string;
  leader: string;
  readonly members: Map<string, Member>;
  /** Ids given to new members that have not joined with them yet, and until when they may. */
  readonly announced: Map<string, number>;
  /** When the running phase of a rebalance ends for those who did not take part. */
  rebalanceEndsAt: number;
};

export const emptyGroup = (id: string): Group => ({
  id,
  state: 'Empty',
  generation: 0,
  protocolType: '',
  protocolName: '',
  leader: '',
  members: new Map(),
  announced: new Map(),
  rebalanceEndsAt: Infinity,
});

export const memberOfInstance = (group: Group, instanceId: string | null): Member | undefined =>
  instanceId === null ? undefined : [...group.members.values()].find((member) => member.instanceId === instanceId);

export function touchMember(member: Member, now: number): void {
  member.expiresAt = now + member.sessionTimeoutMs;
}

const isWaiting = (member: Member): boolean => member.joinTicket !== null || member.syncTicket !== null;

/** When time alone will change the group next, Infinity when it will not. */
export function nextDeadline(group: Group): number {
  const sessions = [...group.members.values()].filter((member) => !isWaiting(member)).map((member) => member.expiresAt);
  return Math.min(group.rebalanceEndsAt, ...sessions, ...group.announced.values());
}

export const sessionExpired = (member: Member, now: number): boolean => !isWaiting(member) && member.expiresAt <= now;
