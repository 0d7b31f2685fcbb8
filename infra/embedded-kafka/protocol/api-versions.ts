import type { Api } from './api.ts';
import { skipCompactString, skipTaggedFields } from './reader.ts';
import { writeArray, writeInt16, writeInt32, writeUnsignedVarint, type Writer } from './writer.ts';

export type ApiRange = { readonly key: number; readonly minVersion: number; readonly maxVersion: number };
export type ApiVersionsResponse = { readonly errorCode: number; readonly apis: readonly ApiRange[] };

export const apiVersionsKey = 18;

/** The response header stays version 0 for every version, so that a client can read the answer before it knows us. */
export const apiVersions: Api<null, ApiVersionsResponse> = {
  key: apiVersionsKey,
  name: 'ApiVersions',
  minVersion: 0,
  maxVersion: 3,
  decode(reader, version) {
    if (version >= 3) {
      skipCompactString(reader);
      skipCompactString(reader);
      skipTaggedFields(reader);
    }
    return null;
  },
  encode(writer, response, version) {
    writeInt16(writer, response.errorCode);
    if (version >= 3) return encodeFlexible(writer, response.apis);
    writeArray(writer, response.apis, writeRange);
    if (version >= 1) writeInt32(writer, 0);
  },
};

function writeRange(writer: Writer, api: ApiRange): void {
  writeInt16(writer, api.key);
  writeInt16(writer, api.minVersion);
  writeInt16(writer, api.maxVersion);
}

function encodeFlexible(writer: Writer, apis: readonly ApiRange[]): void {
  writeUnsignedVarint(writer, apis.length + 1);
  for (const api of apis) {
    writeRange(writer, api);
    writeUnsignedVarint(writer, 0);
  }
  writeInt32(writer, 0);
  writeUnsignedVarint(writer, 0);
}
