import type { Api } from './api.ts';
import { readArray, readInt32, readString } from './reader.ts';
import type { TopicResult } from './topic-result.ts';
import { writeArray, writeInt16, writeInt32, writeString } from './writer.ts';

export const deleteTopics: Api<{ readonly topics: readonly string[] }, readonly TopicResult[]> = {
  key: 20,
  name: 'DeleteTopics',
  minVersion: 1,
  maxVersion: 3,
  decode(reader) {
    const topics = readArray(reader, readString);
    readInt32(reader); // time-out
    return { topics };
  },
  encode(writer, results) {
    writeInt32(writer, 0);
    writeArray(writer, results, (_, result) => {
      writeString(writer, result.name);
      writeInt16(writer, result.errorCode);
    });
  },
};
