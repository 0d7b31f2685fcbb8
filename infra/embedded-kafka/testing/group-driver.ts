import { emptyGroup, type Group, type Reply, type Ticket } from '../groups/group.ts';
import { join } from '../groups/join.ts';
import { heartbeat, leave, sync } from '../groups/membership.ts';
import { passTime } from '../groups/rebalance.ts';
import type { JoinGroupRequest, JoinGroupResponse } from '../protocol/join-group.ts';
import type { SyncGroupResponse } from '../protocol/sync-group.ts';

/** A group with a clock that a test moves, and the answers that came so far by ticket. */
export type GroupDriver = {
  readonly group: Group;
  readonly joined: Map<Ticket, JoinGroupResponse>;
  readonly synced: Map<Ticket, SyncGroupResponse>;
  readonly join: (request?: Partial<JoinGroupRequest>) => Ticket;
  readonly sync: (memberId: string, assignments?: Readonly<Record<string, string>>, generationId?: number) => Ticket;
  readonly heartbeat: (memberId: string, generationId?: number, instanceId?: string | null) => number;
  readonly leave: (memberId: string, instanceId?: string | null) => number;
  /** Lets milliseconds pass. */
  readonly wait: (milliseconds: number) => void;
};

export function driveGroup(): GroupDriver {
  const group = emptyGroup('g');
  const joined = new Map<Ticket, JoinGroupResponse>();
  const synced = new Map<Ticket, SyncGroupResponse>();
  let now = 0;
  let tickets = 0;
  const deliver = (replies: readonly Reply[]): void => {
    for (const reply of replies) {
      const answers: Map<Ticket, unknown> = reply.kind === 'join' ? joined : synced;
      if (answers.has(reply.ticket)) throw new Error(`request ${reply.ticket} was answered twice`);
      answers.set(reply.ticket, reply.response);
    }
  };
  return {
    group,
    joined,
    synced,
    join(request = {}) {
      tickets += 1;
      const whole = { ...plainJoin, ...request };
      const newMemberId = `${whole.groupInstanceId ?? 'member'}-${tickets}`;
      deliver(join(group, { request: whole, ticket: tickets, now, clientId: 'c', clientHost: '/h', newMemberId }));
      return tickets;
    },
    sync(memberId, assignments = {}, generationId = group.generation) {
      tickets += 1;
      const list = Object.entries(assignments).map(([id, text]) => ({ memberId: id, assignment: Buffer.from(text) }));
      deliver(
        sync(group, { groupId: 'g', memberId, generationId, groupInstanceId: null, assignments: list }, tickets, now),
      );
      return tickets;
    },
    heartbeat: (memberId, generationId = group.generation, groupInstanceId = null) =>
      heartbeat(group, { memberId, generationId, groupInstanceId }, now),
    leave(memberId, groupInstanceId = null) {
      const { errorCode, replies } = leave(group, { memberId, groupInstanceId }, now);
      deliver(replies);
      return errorCode;
    },
    wait(milliseconds) {
      now += milliseconds;
      deliver(passTime(group, now));
    },
  };
}

const plainJoin: JoinGroupRequest = {
  groupId: 'g',
  sessionTimeoutMs: 10_000,
  rebalanceTimeoutMs: 60_000,
  memberId: '',
  groupInstanceId: null,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: Buffer.from('orders') }],
  requireMemberId: false,
};
