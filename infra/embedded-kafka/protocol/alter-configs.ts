import type { Api } from './api.ts';
import { readArray, readBoolean, readInt8, readNullableString, readString, type Reader } from './reader.ts';
import {
  writeArray,
  writeInt16,
  writeInt32,
  writeInt8,
  writeNullableString,
  writeString,
  type Writer,
} from './writer.ts';

/**
 * `set` replaces a value, `delete` returns to the default. Lists (append, subtract) do not occur among our settings.
 */
export type ConfigChange = { readonly name: string; readonly operation: number; readonly value: string | null };
export type AlteredResource = {
  readonly type: number;
  readonly name: string;
  readonly changes: readonly ConfigChange[];
};
export type AlterConfigsRequest = { readonly resources: readonly AlteredResource[]; readonly validateOnly: boolean };
export type AlterConfigsResult = {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly type: number;
  readonly name: string;
};

export const configOperations = { set: 0, delete: 1 } as const;

/** Replaces all settings of a resource by the ones named. */
export const alterConfigs: Api<AlterConfigsRequest, readonly AlterConfigsResult[]> = {
  key: 33,
  name: 'AlterConfigs',
  minVersion: 0,
  maxVersion: 1,
  decode: (reader) => decodeResources(reader, () => configOperations.set),
  encode: encodeResults,
};

/** Changes the named settings and leaves the others. */
export const incrementalAlterConfigs: Api<AlterConfigsRequest, readonly AlterConfigsResult[]> = {
  key: 44,
  name: 'IncrementalAlterConfigs',
  minVersion: 0,
  maxVersion: 0,
  decode: (reader) => decodeResources(reader, readInt8),
  encode: encodeResults,
};

function decodeResources(reader: Reader, readOperation: (reader: Reader) => number): AlterConfigsRequest {
  const resources = readArray(reader, () => ({
    type: readInt8(reader),
    name: readString(reader),
    changes: readArray(reader, () => ({
      name: readString(reader),
      operation: readOperation(reader),
      value: readNullableString(reader),
    })),
  }));
  return { resources, validateOnly: readBoolean(reader) };
}

function encodeResults(writer: Writer, results: readonly AlterConfigsResult[]): void {
  writeInt32(writer, 0);
  writeArray(writer, results, (_, result) => {
    writeInt16(writer, result.errorCode);
    writeNullableString(writer, result.errorMessage);
    writeInt8(writer, result.type);
    writeString(writer, result.name);
  });
}
