import { findOffsetForTime } from '../log/find-offset.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { errorCodes } from '../protocol/error-codes.ts';
import type { ListedOffset, ListOffsetsRequest, ListOffsetsResponse } from '../protocol/list-offsets.ts';
import { findPartition, type BrokerState } from './broker-state.ts';

const latest = -1;
const earliest = -2;

export async function handleListOffsets(request: ListOffsetsRequest, state: BrokerState): Promise<ListOffsetsResponse> {
  const topics = await Promise.all(
    request.topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(
        partitions.map(({ partition, timestamp }) =>
          listOffset(findPartition(state, name, partition), partition, timestamp),
        ),
      ),
    })),
  );
  return { topics };
}

async function listOffset(log: PartitionLog | undefined, partition: number, timestamp: number): Promise<ListedOffset> {
  const answer = (errorCode: number, offset: number, at = -1): ListedOffset => ({
    partition,
    errorCode,
    timestamp: at,
    offset,
  });
  if (log === undefined) return answer(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, -1);
  if (timestamp === latest) return answer(errorCodes.NONE, log.highWatermark);
  if (timestamp === earliest) return answer(errorCodes.NONE, log.startOffset);
  if (timestamp < 0) return answer(errorCodes.INVALID_REQUEST, -1);
  const found = await findOffsetForTime(log, timestamp);
  return found ? answer(errorCodes.NONE, found.offset, found.timestamp) : answer(errorCodes.NONE, -1);
}
