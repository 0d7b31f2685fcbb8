import type { Api } from './api.ts';
import { readArray, readBytesCopy, readInt32, readNullableString, readString } from './reader.ts';
import { writeBytes, writeInt16, writeInt32 } from './writer.ts';

export type SyncGroupRequest = {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[];
};
export type SyncGroupResponse = { readonly errorCode: number; readonly assignment: Buffer };

export const syncGroup: Api<SyncGroupRequest, SyncGroupResponse> = {
  key: 14,
  name: 'SyncGroup',
  minVersion: 0,
  maxVersion: 3,
  decode(reader, version) {
    return {
      groupId: readString(reader),
      generationId: readInt32(reader),
      memberId: readString(reader),
      groupInstanceId: version >= 3 ? readNullableString(reader) : null,
      assignments: readArray(reader, () => ({ memberId: readString(reader), assignment: readBytesCopy(reader) })),
    };
  },
  encode(writer, response, version) {
    if (version >= 1) writeInt32(writer, 0);
    writeInt16(writer, response.errorCode);
    writeBytes(writer, response.assignment);
  },
};
