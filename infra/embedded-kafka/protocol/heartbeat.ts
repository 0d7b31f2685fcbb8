import type { Api } from './api.ts';
import { readInt32, readNullableString, readString } from './reader.ts';
import { writeInt16, writeInt32 } from './writer.ts';

export type HeartbeatRequest = {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
};

export const heartbeat: Api<HeartbeatRequest, { readonly errorCode: number }> = {
  key: 12,
  name: 'Heartbeat',
  minVersion: 0,
  maxVersion: 3,
  decode(reader, version) {
    return {
      groupId: readString(reader),
      generationId: readInt32(reader),
      memberId: readString(reader),
      groupInstanceId: version >= 3 ? readNullableString(reader) : null,
    };
  },
  encode(writer, response, version) {
    if (version >= 1) writeInt32(writer, 0);
    writeInt16(writer, response.errorCode);
  },
};
