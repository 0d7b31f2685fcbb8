import { changeOffsets, type OffsetChange } from '../groups/committed-offsets.ts';
import { mayCommit } from '../groups/coordinator.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import type { CommittedPartition, OffsetCommitRequest, OffsetCommitResponse } from '../protocol/offset-commit.ts';
import type { FetchedOffset, OffsetFetchRequest, OffsetFetchResponse } from '../protocol/offset-fetch.ts';
import { findPartition, type BrokerState } from './broker-state.ts';

/** Kafka's offset.metadata.max.bytes. */
const longestMetadata = 4096;

/** Offsets are durable before they are acknowledged. */
export async function handleOffsetCommit(
  request: OffsetCommitRequest,
  state: BrokerState,
): Promise<OffsetCommitResponse> {
  const refusal = mayCommit(state.coordinator, request);
  const changes: OffsetChange[] = [];
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((commit) => {
      const errorCode = refusal === errorCodes.NONE ? commitProblem(state, name, commit) : refusal;
      if (errorCode === errorCodes.NONE) changes.push(changeFor(request.groupId, name, commit));
      return { partition: commit.partition, errorCode };
    }),
  }));
  const stored = await changeOffsets(state.offsets, changes).then(
    () => true,
    (error: unknown) => {
      state.log({
        level: 'error',
        message: `offsets of group ${request.groupId} could not be stored`,
        error: String(error),
      });
      return false;
    },
  );
  return stored
    ? { topics }
    : { topics: topics.map((topic) => ({ ...topic, partitions: topic.partitions.map(notStored) })) };
}

const notStored = ({ partition }: { readonly partition: number }): { partition: number; errorCode: number } => ({
  partition,
  errorCode: errorCodes.KAFKA_STORAGE_ERROR,
});

function commitProblem(state: BrokerState, topic: string, { partition, offset, metadata }: CommittedPartition): number {
  if (findPartition(state, topic, partition) === undefined) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
  if (!Number.isSafeInteger(offset)) return errorCodes.INVALID_COMMIT_OFFSET_SIZE;
  return Buffer.byteLength(metadata ?? '') > longestMetadata ? errorCodes.OFFSET_METADATA_TOO_LARGE : errorCodes.NONE;
}

function changeFor(
  group: string,
  topic: string,
  { partition, offset, leaderEpoch, metadata }: CommittedPartition,
): OffsetChange {
  return { group, topic, partition, committed: { offset, leaderEpoch, metadata } };
}

/** -1 stands for "nothing committed". */
export function handleOffsetFetch(request: OffsetFetchRequest, state: BrokerState): OffsetFetchResponse {
  const committed = state.offsets.table.get(request.groupId);
  const wanted =
    request.topics ??
    [...(committed ?? [])].map(([name, partitions]) => ({ name, partitions: [...partitions.keys()] }));
  const topics = wanted.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((partition): FetchedOffset => {
      const known = committed?.get(name)?.get(partition) ?? { offset: -1, leaderEpoch: -1, metadata: '' };
      return { partition, ...known, errorCode: errorCodes.NONE };
    }),
  }));
  return { errorCode: errorCodes.NONE, topics };
}
