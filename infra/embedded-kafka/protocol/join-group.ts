import type { Api } from './api.ts';
import { readArray, readBytesCopy, readInt32, readNullableString, readString } from './reader.ts';
import { writeArray, writeBytes, writeInt16, writeInt32, writeNullableString, writeString } from './writer.ts';

export type GroupProtocol = { readonly name: string; readonly metadata: Buffer };
export type JoinGroupRequest = {
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocolType: string;
  readonly protocols: readonly GroupProtocol[];
  /** From version 4 on a new member first gets its id and joins again with it (KIP-394). */
  readonly requireMemberId: boolean;
};
export type JoinGroupResponse = {
  readonly errorCode: number;
  readonly generationId: number;
  readonly protocolName: string;
  readonly leader: string;
  readonly memberId: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly metadata: Buffer;
  }[];
};

export const joinGroup: Api<JoinGroupRequest, JoinGroupResponse> = {
  key: 11,
  name: 'JoinGroup',
  minVersion: 0,
  maxVersion: 5,
  decode(reader, version) {
    const groupId = readString(reader);
    const sessionTimeoutMs = readInt32(reader);
    const rebalanceTimeoutMs = version >= 1 ? readInt32(reader) : sessionTimeoutMs;
    const memberId = readString(reader);
    const groupInstanceId = version >= 5 ? readNullableString(reader) : null;
    const protocolType = readString(reader);
    const protocols = readArray(reader, () => ({ name: readString(reader), metadata: readBytesCopy(reader) }));
    const requireMemberId = version >= 4;
    return {
      groupId,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      memberId,
      groupInstanceId,
      protocolType,
      protocols,
      requireMemberId,
    };
  },
  encode(writer, response, version) {
    if (version >= 2) writeInt32(writer, 0);
    writeInt16(writer, response.errorCode);
    writeInt32(writer, response.generationId);
    writeString(writer, response.protocolName);
    writeString(writer, response.leader);
    writeString(writer, response.memberId);
    writeArray(writer, response.members, (_, member) => {
      writeString(writer, member.memberId);
      if (version >= 5) writeNullableString(writer, member.groupInstanceId);
      writeBytes(writer, member.metadata);
    });
  },
};
