import type { Api } from './api.ts';
import { writeArray, writeInt16, writeInt32, writeString } from './writer.ts';

export type ListedGroup = { readonly groupId: string; readonly protocolType: string };

export const listGroups: Api<null, readonly ListedGroup[]> = {
  key: 16,
  name: 'ListGroups',
  minVersion: 0,
  maxVersion: 2,
  decode: () => null,
  encode(writer, groups, version) {
    if (version >= 1) writeInt32(writer, 0);
    writeInt16(writer, 0);
    writeArray(writer, groups, (_, group) => {
      writeString(writer, group.groupId);
      writeString(writer, group.protocolType);
    });
  },
};
