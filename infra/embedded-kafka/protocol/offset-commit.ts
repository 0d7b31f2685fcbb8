import type { Api } from './api.ts';
import { readArray, readInt32, readInt64, readNullableString, readString } from './reader.ts';
import { writeArray, writeInt16, writeInt32, writeString } from './writer.ts';

export type CommittedPartition = {
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
};
export type OffsetCommitRequest = {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly CommittedPartition[] }[];
};
export type OffsetCommitResponse = {
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
};

export const offsetCommit: Api<OffsetCommitRequest, OffsetCommitResponse> = {
  key: 8,
  name: 'OffsetCommit',
  minVersion: 2,
  maxVersion: 7,
  decode(reader, version) {
    const groupId = readString(reader);
    const generationId = readInt32(reader);
    const memberId = readString(reader);
    const groupInstanceId = version >= 7 ? readNullableString(reader) : null;
    if (version <= 4) readInt64(reader); // retention time: offsets are kept until their group or topic is deleted
    const topics = readArray(reader, () => ({
      name: readString(reader),
      partitions: readArray(reader, () => ({
        partition: readInt32(reader),
        offset: readInt64(reader),
        leaderEpoch: version >= 6 ? readInt32(reader) : -1,
        metadata: readNullableString(reader),
      })),
    }));
    return { groupId, generationId, memberId, groupInstanceId, topics };
  },
  encode(writer, response, version) {
    if (version >= 3) writeInt32(writer, 0);
    writeArray(writer, response.topics, (_, topic) => {
      writeString(writer, topic.name);
      writeArray(writer, topic.partitions, (_writer, partition) => {
        writeInt32(writer, partition.partition);
        writeInt16(writer, partition.errorCode);
      });
    });
  },
};
