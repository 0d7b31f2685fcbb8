import type { Api } from './api.ts';
import { readInt8, readString } from './reader.ts';
import { writeInt16, writeInt32, writeNullableString, writeString } from './writer.ts';

export type FindCoordinatorRequest = { readonly key: string; readonly keyType: 'group' | 'transaction' };
export type FindCoordinatorResponse = {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
};

export const findCoordinator: Api<FindCoordinatorRequest, FindCoordinatorResponse> = {
  key: 10,
  name: 'FindCoordinator',
  minVersion: 0,
  maxVersion: 2,
  decode(reader, version) {
    const key = readString(reader);
    const keyType = version >= 1 && readInt8(reader) !== 0 ? 'transaction' : 'group';
    return { key, keyType };
  },
  encode(writer, response, version) {
    if (version >= 1) writeInt32(writer, 0);
    writeInt16(writer, response.errorCode);
    if (version >= 1) writeNullableString(writer, response.errorMessage);
    writeInt32(writer, response.nodeId);
    writeString(writer, response.host);
    writeInt32(writer, response.port);
  },
};
