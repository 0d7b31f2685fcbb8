import type { Api } from './api.ts';
import { readArray, readBoolean, readInt16, readInt32, readNullableString, readString } from './reader.ts';
import type { TopicResult } from './topic-result.ts';
import { writeArray, writeInt16, writeInt32, writeNullableString, writeString } from './writer.ts';

export type TopicToCreate = {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly assignments: readonly { readonly partition: number; readonly brokers: readonly number[] }[];
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
};
export type CreateTopicsRequest = { readonly topics: readonly TopicToCreate[]; readonly validateOnly: boolean };

export const createTopics: Api<CreateTopicsRequest, readonly TopicResult[]> = {
  key: 19,
  name: 'CreateTopics',
  minVersion: 2,
  maxVersion: 4,
  decode(reader) {
    const topics = readArray(reader, () => ({
      name: readString(reader),
      partitions: readInt32(reader),
      replicationFactor: readInt16(reader),
      assignments: readArray(reader, () => ({ partition: readInt32(reader), brokers: readArray(reader, readInt32) })),
      configs: readArray(reader, () => ({ name: readString(reader), value: readNullableString(reader) })),
    }));
    readInt32(reader); // time-out: topics are created at once
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
