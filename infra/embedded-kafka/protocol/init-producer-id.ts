import type { Api } from './api.ts';
import { readInt32, readNullableString } from './reader.ts';
import { writeInt16, writeInt32, writeInt64 } from './writer.ts';

export type InitProducerIdResponse = {
  readonly errorCode: number;
  readonly producerId: number;
  readonly producerEpoch: number;
};

export const initProducerId: Api<{ readonly transactionalId: string | null }, InitProducerIdResponse> = {
  key: 22,
  name: 'InitProducerId',
  minVersion: 0,
  maxVersion: 1,
  decode(reader) {
    const transactionalId = readNullableString(reader);
    readInt32(reader); // transaction time-out
    return { transactionalId };
  },
  encode(writer, response) {
    writeInt32(writer, 0);
    writeInt16(writer, response.errorCode);
    writeInt64(writer, response.producerId);
    writeInt16(writer, response.producerEpoch);
  },
};
