import type { Api } from './api.ts';
import { readArray, readInt32, readInt64, readString } from './reader.ts';
import { writeArray, writeInt16, writeInt32, writeInt64, writeString } from './writer.ts';

/** `offset` is the first record to keep; -1 deletes everything written so far. */
export type DeleteRecordsRequest = {
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partition: number; readonly offset: number }[];
  }[];
};
export type DeletedRecords = { readonly partition: number; readonly lowWatermark: number; readonly errorCode: number };
export type DeleteRecordsResponse = {
  readonly topics: readonly { readonly name: string; readonly partitions: readonly DeletedRecords[] }[];
};

export const deleteRecords: Api<DeleteRecordsRequest, DeleteRecordsResponse> = {
  key: 21,
  name: 'DeleteRecords',
  minVersion: 0,
  maxVersion: 1,
  decode(reader) {
    const topics = readArray(reader, () => ({
      name: readString(reader),
      partitions: readArray(reader, () => ({ partition: readInt32(reader), offset: readInt64(reader) })),
    }));
    readInt32(reader); // time-out
    return { topics };
  },
  encode(writer, response) {
    writeInt32(writer, 0);
    writeArray(writer, response.topics, (_, topic) => {
      writeString(writer, topic.name);
      writeArray(writer, topic.partitions, (_writer, deleted) => {
        writeInt32(writer, deleted.partition);
        writeInt64(writer, deleted.lowWatermark);
        writeInt16(writer, deleted.errorCode);
      });
    });
  },
};
