import type { Api } from './api.ts';
import { readArray, readBoolean, readInt32, readString } from './reader.ts';
import type { TopicResult } from './topic-result.ts';
import { writeArray, writeInt16, writeInt32, writeNullableString, writeString } from './writer.ts';

/** `count` is how many partitions the topic shall have afterwards. */
export type CreatePartitionsRequest = {
  readonly topics: readonly { readonly name: string; readonly count: number }[];
  readonly validateOnly: boolean;
};

export const createPartitions: Api<CreatePartitionsRequest, readonly TopicResult[]> = {
  key: 37,
  name: 'CreatePartitions',
  minVersion: 0,
  maxVersion: 1,
  decode(reader) {
    const topics = readArray(reader, () => {
      const name = readString(reader);
      const count = readInt32(reader);
      readArray(reader, () => readArray(reader, readInt32)); // broker assignments: there is one broker
      return { name, count };
    });
    readInt32(reader); // time-out
    return { topics, validateOnly: readBoolean(reader) };
  },
  encode(writer, results) {
    writeInt32(writer, 0);
    writeArray(writer, results, (_, result) => {
      writeString(writer, result.name);
      writeInt16(writer, result.errorCode);
      writeNullableString(writer, result.errorMessage);
    });
  },
};
