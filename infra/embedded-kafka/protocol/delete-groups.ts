import type { Api } from './api.ts';
import { readArray, readString } from './reader.ts';
import { writeArray, writeInt16, writeInt32, writeString } from './writer.ts';

export type DeletedGroup = { readonly groupId: string; readonly errorCode: number };

export const deleteGroups: Api<{ readonly groupIds: readonly string[] }, readonly DeletedGroup[]> = {
  key: 42,
  name: 'DeleteGroups',
  minVersion: 0,
  maxVersion: 1,
  decode: (reader) => ({ groupIds: readArray(reader, readString) }),
  encode(writer, results) {
    writeInt32(writer, 0);
    writeArray(writer, results, (_, result) => {
      writeString(writer, result.groupId);
      writeInt16(writer, result.errorCode);
    });
  },
};
