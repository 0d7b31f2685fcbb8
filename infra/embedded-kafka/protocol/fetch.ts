import type { Api } from './api.ts';
import { readArray, readInt32, readInt64, readInt8, readString, type Reader } from './reader.ts';
import {
  writeArray,
  writeBytesByReference,
  writeInt16,
  writeInt32,
  writeInt64,
  writeString,
  type Writer,
} from './writer.ts';

export type FetchPartition = {
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly offset: number;
  readonly maxBytes: number;
};
export type FetchRequest = {
  readonly version: number;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly sessionId: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly FetchPartition[] }[];
};
/** `records` are whole record batches, sent without copying. */
export type FetchedPartition = {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly records: Buffer;
};
export type FetchResponse = {
  readonly errorCode: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly FetchedPartition[] }[];
};

/** Fetch sessions (version 7 and up, KIP-227) are always answered with session 0: "send the full list each time". */
export const fetch: Api<FetchRequest, FetchResponse> = {
  key: 1,
  name: 'Fetch',
  minVersion: 4,
  maxVersion: 11,
  decode(reader, version) {
    readInt32(reader); // replica id: every caller is a consumer here
    const maxWaitMs = readInt32(reader);
    const minBytes = readInt32(reader);
    const maxBytes = readInt32(reader);
    readInt8(reader); // isolation level: without transactions both levels read the same
    const sessionId = version >= 7 ? readInt32(reader) : 0;
    if (version >= 7) readInt32(reader);
    const topics = readArray(reader, () => ({
      name: readString(reader),
      partitions: readArray(reader, () => readPartition(reader, version)),
    }));
    return { version, maxWaitMs, minBytes, maxBytes, sessionId, topics };
  },
  encode(writer, response, version) {
    writeInt32(writer, 0);
    if (version >= 7) {
      writeInt16(writer, response.errorCode);
      writeInt32(writer, 0);
    }
    writeArray(writer, response.topics, (_, topic) => {
      writeString(writer, topic.name);
      writeArray(writer, topic.partitions, (_writer, partition) => writePartition(writer, partition, version));
    });
  },
};

function readPartition(reader: Reader, version: number): FetchPartition {
  const partition = readInt32(reader);
  const currentLeaderEpoch = version >= 9 ? readInt32(reader) : -1;
  const offset = readInt64(reader);
  if (version >= 5) readInt64(reader); // a follower's log start
  return { partition, currentLeaderEpoch, offset, maxBytes: readInt32(reader) };
}

function writePartition(writer: Writer, fetched: FetchedPartition, version: number): void {
  writeInt32(writer, fetched.partition);
  writeInt16(writer, fetched.errorCode);
  writeInt64(writer, fetched.highWatermark);
  writeInt64(writer, fetched.highWatermark); // last stable offset
  if (version >= 5) writeInt64(writer, fetched.logStartOffset);
  writeInt32(writer, -1); // aborted transactions: none
  if (version >= 11) writeInt32(writer, -1); // preferred read replica: none
  writeBytesByReference(writer, fetched.records);
}
