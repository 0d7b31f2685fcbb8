import type { Api } from './api.ts';
import { readArray, readInt32, readInt64, readInt8, readString } from './reader.ts';
import { writeArray, writeInt16, writeInt32, writeInt64, writeString } from './writer.ts';

/** `timestamp` -1 asks for the end of the log, -2 for its start, else for the first record at or after that time. */
export type ListOffsetsRequest = {
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly currentLeaderEpoch: number;
      readonly timestamp: number;
    }[];
  }[];
};
export type ListedOffset = {
  readonly partition: number;
  readonly errorCode: number;
  readonly timestamp: number;
  readonly offset: number;
};
export type ListOffsetsResponse = {
  readonly topics: readonly { readonly name: string; readonly partitions: readonly ListedOffset[] }[];
};

export const listOffsets: Api<ListOffsetsRequest, ListOffsetsResponse> = {
  key: 2,
  name: 'ListOffsets',
  minVersion: 1,
  maxVersion: 5,
  decode(reader, version) {
    readInt32(reader); // replica id
    if (version >= 2) readInt8(reader); // isolation level
    return {
      topics: readArray(reader, () => ({
        name: readString(reader),
        partitions: readArray(reader, () => ({
          partition: readInt32(reader),
          currentLeaderEpoch: version >= 4 ? readInt32(reader) : -1,
          timestamp: readInt64(reader),
        })),
      })),
    };
  },
  encode(writer, response, version) {
    if (version >= 2) writeInt32(writer, 0);
    writeArray(writer, response.topics, (_, topic) => {
      writeString(writer, topic.name);
      writeArray(writer, topic.partitions, (_writer, listed) => {
        writeInt32(writer, listed.partition);
        writeInt16(writer, listed.errorCode);
        writeInt64(writer, listed.timestamp);
        writeInt64(writer, listed.offset);
        if (version >= 4) writeInt32(writer, listed.offset >= 0 ? 0 : -1);
      });
    });
  },
};
