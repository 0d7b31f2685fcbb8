import type { Api } from './api.ts';
import { readArray, readNullableString, readString } from './reader.ts';
import { writeArray, writeInt16, writeInt32, writeNullableString, writeString } from './writer.ts';

export type LeavingMember = { readonly memberId: string; readonly groupInstanceId: string | null };
export type LeaveGroupRequest = { readonly groupId: string; readonly members: readonly LeavingMember[] };
export type LeaveGroupResponse = {
  readonly errorCode: number;
  readonly members: readonly (LeavingMember & { readonly errorCode: number })[];
};

export const leaveGroup: Api<LeaveGroupRequest, LeaveGroupResponse> = {
  key: 13,
  name: 'LeaveGroup',
  minVersion: 0,
  maxVersion: 3,
  decode(reader, version) {
    const groupId = readString(reader);
    if (version < 3) return { groupId, members: [{ memberId: readString(reader), groupInstanceId: null }] };
    const members = readArray(reader, () => ({
      memberId: readString(reader),
      groupInstanceId: readNullableString(reader),
    }));
    return { groupId, members };
  },
  encode(writer, response, version) {
    if (version >= 1) writeInt32(writer, 0);
    const onlyMember = response.members[0]?.errorCode ?? 0;
    writeInt16(writer, version >= 3 || response.errorCode !== 0 ? response.errorCode : onlyMember);
    if (version < 3) return;
    writeArray(writer, response.members, (_, member) => {
      writeString(writer, member.memberId);
      writeNullableString(writer, member.groupInstanceId);
      writeInt16(writer, member.errorCode);
    });
  },
};
