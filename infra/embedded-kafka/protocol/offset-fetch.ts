import type { Api } from './api.ts';
import { readArray, readInt32, readNullableArray, readString } from './reader.ts';
import { writeArray, writeInt16, writeInt32, writeInt64, writeNullableString, writeString } from './writer.ts';

/** `topics: null` (version 2 and up) asks for everything the group has committed. */
export type OffsetFetchRequest = {
  readonly groupId: string;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[] | null;
};
export type FetchedOffset = {
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
  readonly errorCode: number;
};
export type OffsetFetchResponse = {
  readonly errorCode: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly FetchedOffset[] }[];
};

export const offsetFetch: Api<OffsetFetchRequest, OffsetFetchResponse> = {
  key: 9,
  name: 'OffsetFetch',
  minVersion: 1,
  maxVersion: 5,
  decode(reader) {
    return {
      groupId: readString(reader),
      topics: readNullableArray(reader, () => ({ name: readString(reader), partitions: readArray(reader, readInt32) })),
    };
  },
  encode(writer, response, version) {
    if (version >= 3) writeInt32(writer, 0);
    writeArray(writer, response.topics, (_, topic) => {
      writeString(writer, topic.name);
      writeArray(writer, topic.partitions, (_writer, fetched) => {
        writeInt32(writer, fetched.partition);
        writeInt64(writer, fetched.offset);
        if (version >= 5) writeInt32(writer, fetched.leaderEpoch);
        writeNullableString(writer, fetched.metadata);
        writeInt16(writer, fetched.errorCode);
      });
    });
    if (version >= 2) writeInt16(writer, response.errorCode);
  },
};
