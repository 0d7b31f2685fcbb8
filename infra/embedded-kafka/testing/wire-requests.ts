import {
  readArray,
  readInt16,
  readInt32,
  readInt64,
  readNullableArray,
  readNullableBytes,
  readNullableString,
  readString,
} from '../protocol/reader.ts';
import {
  writeArray,
  writeBytes,
  writeBytesByReference,
  writeInt16,
  writeInt32,
  writeInt64,
  writeInt8,
  writeNullableString,
  writeString,
  type Writer,
} from '../protocol/writer.ts';
import type { WireClient } from './wire-client.ts';

export type Produced = { readonly errorCode: number; readonly baseOffset: number };

/** The body of Produce 7 with one batch for one partition. */
export function writeProduce(writer: Writer, topic: string, partition: number, batch: Buffer, acks: number): void {
  writeNullableString(writer, null);
  writeInt16(writer, acks);
  writeInt32(writer, 30_000);
  writeArray(writer, [topic], () => {
    writeString(writer, topic);
    writeArray(writer, [partition], () => {
      writeInt32(writer, partition);
      writeBytesByReference(writer, batch);
    });
  });
}

/** Produce 7 of one batch for one partition. */
export function produceBatch(
  client: WireClient,
  topic: string,
  partition: number,
  batch: Buffer,
  acks = -1,
): Promise<Produced> {
  return client.request(
    0,
    7,
    (writer) => writeProduce(writer, topic, partition, batch, acks),
    (reader) => {
      const [result] = readArray(reader, () => {
        readString(reader);
        const [produced] = readArray(reader, () => {
          readInt32(reader);
          const answer = { errorCode: readInt16(reader), baseOffset: readInt64(reader) };
          readInt64(reader);
          readInt64(reader);
          return answer;
        });
        return produced;
      });
      if (result === undefined) throw new Error('an answer without partitions');
      return result;
    },
  );
}

export type FetchedRecords = {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly records: Buffer;
};

export type FetchOptions = { readonly maxWaitMs?: number; readonly minBytes?: number; readonly maxBytes?: number };

/** Fetch 11 of one partition. The records are a copy. */
export function fetchBatches(
  client: WireClient,
  topic: string,
  partition: number,
  offset: number,
  { maxWaitMs = 0, minBytes = 1, maxBytes = 1024 * 1024 }: FetchOptions = {},
): Promise<FetchedRecords> {
  return client.request(
    1,
    11,
    (writer) => {
      for (const value of [-1, maxWaitMs, minBytes, maxBytes]) writeInt32(writer, value);
      writeInt8(writer, 0);
      writeInt32(writer, 0);
      writeInt32(writer, -1);
      writeArray(writer, [topic], (_, name) => {
        writeString(writer, name);
        writeArray(writer, [partition], () => {
          writeInt32(writer, partition);
          writeInt32(writer, -1);
          writeInt64(writer, offset);
          writeInt64(writer, -1);
          writeInt32(writer, maxBytes);
        });
      });
      writeInt32(writer, 0);
      writeString(writer, '');
    },
    (reader) => {
      for (const skip of [readInt32, readInt16, readInt32]) skip(reader);
      const [fetched] = readArray(reader, () => {
        readString(reader);
        const [answer] = readArray(reader, () => {
          readInt32(reader);
          const errorCode = readInt16(reader);
          const highWatermark = readInt64(reader);
          readInt64(reader);
          const logStartOffset = readInt64(reader);
          readNullableArray(reader, readInt64);
          readInt32(reader);
          return { errorCode, highWatermark, logStartOffset, records: Buffer.from(readNullableBytes(reader) ?? '') };
        });
        return answer;
      });
      if (fetched === undefined) throw new Error('an answer without partitions');
      return fetched;
    },
  );
}

/** CreateTopics 4; the error code. */
export function createTopic(
  client: WireClient,
  name: string,
  partitions: number,
  configs: Readonly<Record<string, string>> = {},
): Promise<number> {
  return client.request(
    19,
    4,
    (writer) => {
      writeArray(writer, [name], () => {
        writeString(writer, name);
        writeInt32(writer, partitions);
        writeInt16(writer, 1);
        writeArray(writer, [], () => undefined);
        writeArray(writer, Object.entries(configs), (_, [key, value]) => {
          writeString(writer, key);
          writeString(writer, value);
        });
      });
      writeInt32(writer, 30_000);
      writeInt8(writer, 0);
    },
    (reader) => {
      readInt32(reader);
      const [errorCode] = readArray(reader, () => {
        readString(reader);
        const code = readInt16(reader);
        readNullableString(reader);
        return code;
      });
      return errorCode ?? -1;
    },
  );
}

export function initProducerId(client: WireClient): Promise<{ readonly producerId: number; readonly epoch: number }> {
  return client.request(
    22,
    1,
    (writer) => {
      writeNullableString(writer, null);
      writeInt32(writer, 0);
    },
    (reader) => {
      readInt32(reader);
      readInt16(reader);
      return { producerId: readInt64(reader), epoch: readInt16(reader) };
    },
  );
}

export type JoinOptions = {
  readonly groupId: string;
  readonly memberId?: string;
  readonly instanceId?: string | null;
  readonly sessionTimeoutMs?: number;
  readonly rebalanceTimeoutMs?: number;
};
export type Joined = {
  readonly errorCode: number;
  readonly generationId: number;
  readonly leader: string;
  readonly memberId: string;
  readonly members: readonly string[];
};

/** JoinGroup 5 with one strategy. */
export function joinGroup(client: WireClient, options: JoinOptions): Promise<Joined> {
  return client.request(
    11,
    5,
    (writer) => {
      writeString(writer, options.groupId);
      writeInt32(writer, options.sessionTimeoutMs ?? 30_000);
      writeInt32(writer, options.rebalanceTimeoutMs ?? 30_000);
      writeString(writer, options.memberId ?? '');
      writeNullableString(writer, options.instanceId ?? null);
      writeString(writer, 'consumer');
      writeArray(writer, ['range'], (_, name) => {
        writeString(writer, name);
        writeBytes(writer, Buffer.from('subscription'));
      });
    },
    (reader) => {
      readInt32(reader);
      const errorCode = readInt16(reader);
      const generationId = readInt32(reader);
      readString(reader);
      const leader = readString(reader);
      const memberId = readString(reader);
      const members = readArray(reader, () => {
        const member = readString(reader);
        readNullableString(reader);
        readNullableBytes(reader);
        return member;
      });
      return { errorCode, generationId, leader, memberId, members };
    },
  );
}

export type MemberIdentity = {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly instanceId?: string | null;
};

/** SyncGroup 3; the leader gives `assignments` by member id. */
export function syncGroup(
  client: WireClient,
  identity: MemberIdentity,
  assignments: Readonly<Record<string, string>> = {},
): Promise<{ readonly errorCode: number; readonly assignment: string }> {
  return client.request(
    14,
    3,
    (writer) => {
      writeString(writer, identity.groupId);
      writeInt32(writer, identity.generationId);
      writeString(writer, identity.memberId);
      writeNullableString(writer, identity.instanceId ?? null);
      writeArray(writer, Object.entries(assignments), (_, [memberId, assignment]) => {
        writeString(writer, memberId);
        writeBytes(writer, Buffer.from(assignment));
      });
    },
    (reader) => {
      readInt32(reader);
      return { errorCode: readInt16(reader), assignment: (readNullableBytes(reader) ?? Buffer.alloc(0)).toString() };
    },
  );
}

/** Heartbeat 3; the error code. */
export function heartbeat(client: WireClient, identity: MemberIdentity): Promise<number> {
  return client.request(
    12,
    3,
    (writer) => {
      writeString(writer, identity.groupId);
      writeInt32(writer, identity.generationId);
      writeString(writer, identity.memberId);
      writeNullableString(writer, identity.instanceId ?? null);
    },
    (reader) => {
      readInt32(reader);
      return readInt16(reader);
    },
  );
}

/** OffsetCommit 7 of one partition; the error code. */
export function commitOffset(
  client: WireClient,
  identity: MemberIdentity,
  topic: string,
  partition: number,
  offset: number,
): Promise<number> {
  return client.request(
    8,
    7,
    (writer) => {
      writeString(writer, identity.groupId);
      writeInt32(writer, identity.generationId);
      writeString(writer, identity.memberId);
      writeNullableString(writer, identity.instanceId ?? null);
      writeArray(writer, [topic], () => {
        writeString(writer, topic);
        writeArray(writer, [partition], () => {
          writeInt32(writer, partition);
          writeInt64(writer, offset);
          writeInt32(writer, -1);
          writeNullableString(writer, null);
        });
      });
    },
    (reader) => {
      readInt32(reader);
      const [errorCode] = readArray(reader, () => {
        readString(reader);
        const [code] = readArray(reader, () => {
          readInt32(reader);
          return readInt16(reader);
        });
        return code;
      });
      return errorCode ?? -1;
    },
  );
}

/** OffsetFetch 5 of one partition; -1 when nothing is committed. */
export function fetchOffset(client: WireClient, groupId: string, topic: string, partition: number): Promise<number> {
  return client.request(
    9,
    5,
    (writer) => {
      writeString(writer, groupId);
      writeArray(writer, [topic], () => {
        writeString(writer, topic);
        writeArray(writer, [partition], writeInt32);
      });
    },
    (reader) => {
      readInt32(reader);
      const [offset] = readArray(reader, () => {
        readString(reader);
        const [committed] = readArray(reader, () => {
          readInt32(reader);
          const value = readInt64(reader);
          readInt32(reader);
          readNullableString(reader);
          readInt16(reader);
          return value;
        });
        return committed;
      });
      return offset ?? -1;
    },
  );
}
