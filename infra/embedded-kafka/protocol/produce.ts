import type { Api } from './api.ts';
import { readArray, readInt16, readInt32, readNullableBytes, readNullableString, readString } from './reader.ts';
import { writeArray, writeInt16, writeInt32, writeInt64, writeNullableString, writeString } from './writer.ts';

/** `records` is a view into the frame. */
export type ProducePartition = { readonly partition: number; readonly records: Buffer | null };
export type ProduceRequest = {
  readonly transactionalId: string | null;
  readonly acks: number;
  readonly timeoutMs: number;
  readonly topics: readonly { readonly name: string; readonly partitions: readonly ProducePartition[] }[];
};
export type ProducedPartition = {
  readonly partition: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly baseOffset: number;
  readonly logStartOffset: number;
};
export type ProduceResponse = {
  readonly topics: readonly { readonly name: string; readonly partitions: readonly ProducedPartition[] }[];
};

/**
 * Versions 0 to 2 (message formats before Kafka 0.11) are listed because librdkafka only compresses for a broker that
 * lists them (KAFKA-18659); like Kafka 4 we answer them with UNSUPPORTED_VERSION.
 */
export const produce: Api<ProduceRequest, ProduceResponse> = {
  key: 0,
  name: 'Produce',
  minVersion: 0,
  maxVersion: 8,
  decode(reader, version) {
    return {
      transactionalId: version >= 3 ? readNullableString(reader) : null,
      acks: readInt16(reader),
      timeoutMs: readInt32(reader),
      topics: readArray(reader, () => ({
        name: readString(reader),
        partitions: readArray(reader, () => ({ partition: readInt32(reader), records: readNullableBytes(reader) })),
      })),
    };
  },
  encode(writer, response, version) {
    writeArray(writer, response.topics, (_, topic) => {
      writeString(writer, topic.name);
      writeArray(writer, topic.partitions, (_writer, partition) => {
        writeInt32(writer, partition.partition);
        writeInt16(writer, partition.errorCode);
        writeInt64(writer, partition.baseOffset);
        if (version >= 2) writeInt64(writer, -1);
        if (version >= 5) writeInt64(writer, partition.logStartOffset);
        if (version >= 8) {
          writeArray(writer, [], () => undefined);
          writeNullableString(writer, partition.errorMessage);
        }
      });
    });
    if (version >= 1) writeInt32(writer, 0);
  },
};
