import type { Api } from './api.ts';
import { readString } from './reader.ts';
import { writeArray, writeInt16, writeString } from './writer.ts';

export type SaslHandshakeResponse = { readonly errorCode: number; readonly mechanisms: readonly string[] };

export const saslHandshakeKey = 17;

/**
 * Names how a client wants to sign in. After version 0 its tokens follow bare; after version 1 in SaslAuthenticate
 * (KIP-152).
 */
export const saslHandshake: Api<{ readonly mechanism: string }, SaslHandshakeResponse> = {
  key: saslHandshakeKey,
  name: 'SaslHandshake',
  minVersion: 0,
  maxVersion: 1,
  decode: (reader) => ({ mechanism: readString(reader) }),
  encode(writer, { errorCode, mechanisms }) {
    writeInt16(writer, errorCode);
    writeArray(writer, mechanisms, writeString);
  },
};
