import type { Api } from './api.ts';
import { readBoolean, readNullableArray, readString } from './reader.ts';
import {
  writeArray,
  writeBoolean,
  writeInt16,
  writeInt32,
  writeNullableString,
  writeString,
  type Writer,
} from './writer.ts';

/** `topics: null` asks for all of them. */
export type MetadataRequest = { readonly topics: string[] | null; readonly allowAutoTopicCreation: boolean };
export type TopicMetadata = { readonly errorCode: number; readonly name: string; readonly partitions: number };
export type MetadataResponse = {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly clusterId: string;
  readonly topics: readonly TopicMetadata[];
};

/** KIP-430: the value that says "authorized operations were not asked for". */
const operationsNotAsked = -0x8000_0000;

export const metadata: Api<MetadataRequest, MetadataResponse> = {
  key: 3,
  name: 'Metadata',
  minVersion: 0,
  maxVersion: 8,
  decode(reader, version) {
    const names = readNullableArray(reader, readString);
    const allTopics = version === 0 && names?.length === 0;
    const allowAutoTopicCreation = version >= 4 ? readBoolean(reader) : true;
    if (version >= 8) {
      readBoolean(reader);
      readBoolean(reader);
    }
    return { topics: allTopics ? null : names, allowAutoTopicCreation };
  },
  encode(writer, response, version) {
    if (version >= 3) writeInt32(writer, 0);
    writeArray(writer, [response], (_, broker) => {
      writeInt32(writer, broker.nodeId);
      writeString(writer, broker.host);
      writeInt32(writer, broker.port);
      if (version >= 1) writeNullableString(writer, null);
    });
    if (version >= 2) writeNullableString(writer, response.clusterId);
    if (version >= 1) writeInt32(writer, response.nodeId);
    writeArray(writer, response.topics, (_, topic) => writeTopic(writer, topic, response.nodeId, version));
    if (version >= 8) writeInt32(writer, operationsNotAsked);
  },
};

function writeTopic(writer: Writer, topic: TopicMetadata, leader: number, version: number): void {
  writeInt16(writer, topic.errorCode);
  writeString(writer, topic.name);
  if (version >= 1) writeBoolean(writer, false);
  const partitions = Array.from({ length: topic.partitions }, (_, partition) => partition);
  writeArray(writer, partitions, (_, partition) => {
    writeInt16(writer, 0);
    writeInt32(writer, partition);
    writeInt32(writer, leader);
    if (version >= 7) writeInt32(writer, 0);
    writeArray(writer, [leader], writeInt32);
    writeArray(writer, [leader], writeInt32);
    if (version >= 5) writeArray(writer, [], writeInt32);
  });
  if (version >= 8) writeInt32(writer, operationsNotAsked);
}
