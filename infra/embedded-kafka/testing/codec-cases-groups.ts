import { deleteGroups } from '../protocol/delete-groups.ts';
import { describeGroups } from '../protocol/describe-groups.ts';
import { findCoordinator } from '../protocol/find-coordinator.ts';
import { heartbeat } from '../protocol/heartbeat.ts';
import { joinGroup } from '../protocol/join-group.ts';
import { leaveGroup } from '../protocol/leave-group.ts';
import { listGroups } from '../protocol/list-groups.ts';
import { offsetCommit } from '../protocol/offset-commit.ts';
import { offsetFetch } from '../protocol/offset-fetch.ts';
import { syncGroup } from '../protocol/sync-group.ts';
import { check, type CodecRow } from './codec-case.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

export const groupCases: readonly CodecRow[] = [
  check({
    api: offsetCommit,
    fields: {
      groupId: 'g',
      groupGenerationId: 4,
      memberId: 'm',
      retentionTime: -1,
      topics: [{ topic: 'orders', partitions: [{ partition: 0, offset: '7', metadata: 'note' }] }],
    },
    request: () => ({
      groupId: 'g',
      generationId: 4,
      memberId: 'm',
      groupInstanceId: null,
      topics: [{ name: 'orders', partitions: [{ partition: 0, offset: 7, leaderEpoch: -1, metadata: 'note' }] }],
    }),
    response: { topics: [{ name: 'orders', partitions: [{ partition: 0, errorCode: 0 }] }] },
    read: () => ({ responses: [{ topic: 'orders', partitions: [{ partition: 0, errorCode: 0 }] }] }),
  }),
  check({
    api: offsetFetch,
    fields: { groupId: 'g', topics: [{ topic: 'orders', partitions: [{ partition: 2 }] }] },
    request: () => ({ groupId: 'g', topics: [{ name: 'orders', partitions: [2] }] }),
    response: {
      errorCode: 0,
      topics: [
        { name: 'orders', partitions: [{ partition: 2, offset: 5, leaderEpoch: 0, metadata: 'note', errorCode: 0 }] },
      ],
    },
    read: () => ({
      responses: [{ topic: 'orders', partitions: [{ partition: 2, offset: '5', metadata: 'note', errorCode: 0 }] }],
    }),
  }),
  check({
    api: findCoordinator,
    fields: { coordinatorKey: 'g', groupId: 'g', coordinatorType: 0 },
    request: () => ({ key: 'g', keyType: 'group' }),
    response: { errorCode: 0, errorMessage: null, nodeId: 1, host: 'h', port: 9092 },
    read: () => ({ errorCode: 0, coordinator: { nodeId: 1, host: 'h', port: 9092 } }),
  }),
  check({
    api: joinGroup,
    fields: {
      groupId: 'g',
      sessionTimeout: 3000,
      rebalanceTimeout: 6000,
      memberId: 'm',
      protocolType: 'consumer',
      groupProtocols: [{ name: 'range', metadata: bytes('sub') }],
    },
    request: (version) => ({
      groupId: 'g',
      sessionTimeoutMs: 3000,
      rebalanceTimeoutMs: version === 0 ? 3000 : 6000,
      memberId: 'm',
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: bytes('sub') }],
      requireMemberId: version >= 4,
    }),
    response: {
      errorCode: 0,
      generationId: 2,
      protocolName: 'range',
      leader: 'm',
      memberId: 'm',
      members: [{ memberId: 'm', groupInstanceId: null, metadata: bytes('sub') }],
    },
    read: () => ({
      errorCode: 0,
      generationId: 2,
      groupProtocol: 'range',
      leaderId: 'm',
      memberId: 'm',
      members: [{ memberId: 'm', memberMetadata: bytes('sub') }],
    }),
  }),
  check({
    api: syncGroup,
    fields: {
      groupId: 'g',
      generationId: 2,
      memberId: 'm',
      groupAssignment: [{ memberId: 'm', memberAssignment: bytes('a') }],
    },
    request: () => ({
      groupId: 'g',
      generationId: 2,
      memberId: 'm',
      groupInstanceId: null,
      assignments: [{ memberId: 'm', assignment: bytes('a') }],
    }),
    response: { errorCode: 0, assignment: bytes('a') },
    read: () => ({ errorCode: 0, memberAssignment: bytes('a') }),
  }),
  check({
    api: heartbeat,
    fields: { groupId: 'g', groupGenerationId: 2, memberId: 'm' },
    request: () => ({ groupId: 'g', generationId: 2, memberId: 'm', groupInstanceId: null }),
    response: { errorCode: 0 },
    read: () => ({ errorCode: 0 }),
  }),
  check({
    api: leaveGroup,
    fields: { groupId: 'g', memberId: 'm', members: [{ memberId: 'm' }] },
    request: () => ({ groupId: 'g', members: [{ memberId: 'm', groupInstanceId: null }] }),
    response: { errorCode: 0, members: [{ memberId: 'm', groupInstanceId: null, errorCode: 0 }] },
    read: () => ({ errorCode: 0 }),
  }),
  check({
    api: describeGroups,
    fields: { groupIds: ['g'], includeAuthorizedOperations: false },
    request: () => ({ groupIds: ['g'] }),
    response: [
      {
        errorCode: 0,
        groupId: 'g',
        state: 'Stable',
        protocolType: 'consumer',
        protocolName: 'range',
        members: [
          {
            memberId: 'm',
            groupInstanceId: null,
            clientId: 'c',
            clientHost: '/h',
            metadata: bytes('s'),
            assignment: bytes('a'),
          },
        ],
      },
    ],
    read: () => ({
      groups: [
        {
          groupId: 'g',
          state: 'Stable',
          protocolType: 'consumer',
          protocol: 'range',
          members: [
            {
              memberId: 'm',
              clientId: 'c',
              clientHost: '/h',
              memberMetadata: bytes('s'),
              memberAssignment: bytes('a'),
            },
          ],
        },
      ],
    }),
  }),
  check({
    api: listGroups,
    fields: {},
    request: () => null,
    response: [{ groupId: 'g', protocolType: 'consumer' }],
    read: () => ({ errorCode: 0, groups: [{ groupId: 'g', protocolType: 'consumer' }] }),
  }),
  check({
    api: deleteGroups,
    fields: ['g'],
    request: () => ({ groupIds: ['g'] }),
    response: [{ groupId: 'g', errorCode: 0 }],
    read: () => ({ results: [{ groupId: 'g', errorCode: 0 }] }),
  }),
];
