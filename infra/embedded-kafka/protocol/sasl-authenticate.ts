import type { Api } from './api.ts';
import { readBytesCopy, readCompactBytesCopy, skipTaggedFields } from './reader.ts';
import {
  writeBytes,
  writeCompactBytes,
  writeCompactNullableString,
  writeInt16,
  writeInt64,
  writeNullableString,
  writeUnsignedVarint,
} from './writer.ts';

export type SaslAuthenticateResponse = {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly authBytes: Buffer;
};

export const saslAuthenticateKey = 36;
export const saslAuthenticateFlexibleFrom = 2;

/** A sign-in lasts as long as its connection: no client is asked to sign in again (KIP-368). */
const sessionWithoutEnd = 0;

export const saslAuthenticate: Api<{ readonly authBytes: Buffer }, SaslAuthenticateResponse> = {
  key: saslAuthenticateKey,
  name: 'SaslAuthenticate',
  minVersion: 0,
  maxVersion: 2,
  decode(reader, version) {
    if (version < saslAuthenticateFlexibleFrom) return { authBytes: readBytesCopy(reader) };
    const authBytes = readCompactBytesCopy(reader);
    skipTaggedFields(reader);
    return { authBytes };
  },
  encode(writer, { errorCode, errorMessage, authBytes }, version) {
    const isFlexible = version >= saslAuthenticateFlexibleFrom;
    if (isFlexible) writeUnsignedVarint(writer, 0); // the response header's tagged fields
    writeInt16(writer, errorCode);
    if (isFlexible) {
      writeCompactNullableString(writer, errorMessage);
      writeCompactBytes(writer, authBytes);
    } else {
      writeNullableString(writer, errorMessage);
      writeBytes(writer, authBytes);
    }
    if (version >= 1) writeInt64(writer, sessionWithoutEnd);
    if (isFlexible) writeUnsignedVarint(writer, 0);
  },
};
