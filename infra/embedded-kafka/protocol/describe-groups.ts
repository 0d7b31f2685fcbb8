import type { Api } from './api.ts';
import { readArray, readBoolean, readString } from './reader.ts';
import {
  writeArray,
  writeBytes,
  writeInt16,
  writeInt32,
  writeNullableString,
  writeString,
  type Writer,
} from './writer.ts';

export type DescribedMember = {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly metadata: Buffer;
  readonly assignment: Buffer;
};
export type DescribedGroup = {
  readonly errorCode: number;
  readonly groupId: string;
  readonly state: string;
  readonly protocolType: string;
  readonly protocolName: string;
  readonly members: readonly DescribedMember[];
};

/** KIP-430: the value that says "authorized operations were not asked for". */
const operationsNotAsked = -0x8000_0000;

export const describeGroups: Api<{ readonly groupIds: readonly string[] }, readonly DescribedGroup[]> = {
  key: 15,
  name: 'DescribeGroups',
  minVersion: 0,
  maxVersion: 4,
  decode(reader, version) {
    const groupIds = readArray(reader, readString);
    if (version >= 3) readBoolean(reader); // authorized operations
    return { groupIds };
  },
  encode(writer, groups, version) {
    if (version >= 1) writeInt32(writer, 0);
    writeArray(writer, groups, (_, group) => {
      writeInt16(writer, group.errorCode);
      writeString(writer, group.groupId);
      writeString(writer, group.state);
      writeString(writer, group.protocolType);
      writeString(writer, group.protocolName);
      writeArray(writer, group.members, (_writer, member) => writeMember(writer, member, version));
      if (version >= 3) writeInt32(writer, operationsNotAsked);
    });
  },
};

function writeMember(writer: Writer, member: DescribedMember, version: number): void {
  writeString(writer, member.memberId);
  if (version >= 4) writeNullableString(writer, member.groupInstanceId);
  writeString(writer, member.clientId);
  writeString(writer, member.clientHost);
  writeBytes(writer, member.metadata);
  writeBytes(writer, member.assignment);
}
