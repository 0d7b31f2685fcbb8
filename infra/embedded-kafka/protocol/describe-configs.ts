import type { Api } from './api.ts';
import { readArray, readBoolean, readInt8, readNullableArray, readString } from './reader.ts';
import {
  writeArray,
  writeBoolean,
  writeInt16,
  writeInt32,
  writeInt8,
  writeNullableString,
  writeString,
  type Writer,
} from './writer.ts';

export const resourceTypes = { topic: 2, broker: 4 } as const;
/** Where a value comes from, as Kafka numbers it: set on the topic, read from the start-up file, built in. */
export const configSources = { topic: 1, staticBroker: 4, builtIn: 5 } as const;

export type ConfigEntry = {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly source: number;
};
export type DescribeConfigsRequest = {
  readonly resources: readonly {
    readonly type: number;
    readonly name: string;
    readonly keys: readonly string[] | null;
  }[];
};
export type DescribedResource = {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly type: number;
  readonly name: string;
  readonly configs: readonly ConfigEntry[];
};

export const describeConfigs: Api<DescribeConfigsRequest, readonly DescribedResource[]> = {
  key: 32,
  name: 'DescribeConfigs',
  minVersion: 0,
  maxVersion: 2,
  decode(reader, version) {
    const resources = readArray(reader, () => ({
      type: readInt8(reader),
      name: readString(reader),
      keys: readNullableArray(reader, readString),
    }));
    if (version >= 1) readBoolean(reader); // synonyms: there are none to tell
    return { resources };
  },
  encode(writer, resources, version) {
    writeInt32(writer, 0);
    writeArray(writer, resources, (_, resource) => {
      writeInt16(writer, resource.errorCode);
      writeNullableString(writer, resource.errorMessage);
      writeInt8(writer, resource.type);
      writeString(writer, resource.name);
      writeArray(writer, resource.configs, (_writer, entry) => writeEntry(writer, entry, version));
    });
  },
};

function writeEntry(writer: Writer, entry: ConfigEntry, version: number): void {
  writeString(writer, entry.name);
  writeNullableString(writer, entry.value);
  writeBoolean(writer, entry.readOnly);
  if (version === 0) writeBoolean(writer, entry.source !== configSources.topic);
  else writeInt8(writer, entry.source);
  writeBoolean(writer, false); // sensitive
  if (version >= 1) writeArray(writer, [], () => undefined);
}
