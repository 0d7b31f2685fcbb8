import {
  readArray,
  readBytesCopy,
  readCompactBytesCopy,
  readInt16,
  readNullableString,
  readString,
  skipTaggedFields,
  type Reader,
} from '../protocol/reader.ts';
import { writeBytes, writeCompactBytes, writeString, writeUnsignedVarint } from '../protocol/writer.ts';
import type { User } from '../sign-in/exchange.ts';
import type { WireClient } from './wire-client.ts';

export type HandshakeAnswer = { readonly errorCode: number; readonly mechanisms: readonly string[] };

export function saslHandshake(client: WireClient, version: number, mechanism: string): Promise<HandshakeAnswer> {
  return client.request(
    17,
    version,
    (writer) => writeString(writer, mechanism),
    (reader) => ({ errorCode: readInt16(reader), mechanisms: readArray(reader, readString) }),
  );
}

export type AuthenticateAnswer = {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly authBytes: string;
};

export function saslAuthenticate(client: WireClient, version: number, token: string): Promise<AuthenticateAnswer> {
  const isFlexible = version >= 2;
  return client.request(
    36,
    version,
    (writer) => {
      if (isFlexible) writeUnsignedVarint(writer, 0);
      if (isFlexible) writeCompactBytes(writer, Buffer.from(token));
      else writeBytes(writer, Buffer.from(token));
      if (isFlexible) writeUnsignedVarint(writer, 0);
    },
    isFlexible ? readFlexible : readAnswer,
  );
}

const readAnswer = (reader: Reader): AuthenticateAnswer => ({
  errorCode: readInt16(reader),
  errorMessage: readNullableString(reader),
  authBytes: readBytesCopy(reader).toString(),
});

function readFlexible(reader: Reader): AuthenticateAnswer {
  skipTaggedFields(reader);
  const errorCode = readInt16(reader);
  const errorMessage = readCompactBytesCopy(reader).toString();
  return {
    errorCode,
    errorMessage: errorMessage === '' ? null : errorMessage,
    authBytes: readCompactBytesCopy(reader).toString(),
  };
}

export async function signInByPlain(client: WireClient, { username, password }: User): Promise<void> {
  await saslHandshake(client, 1, 'PLAIN');
  const { errorCode } = await saslAuthenticate(client, 1, `\0${username}\0${password}`);
  if (errorCode !== 0) throw new Error(`the broker refused the sign-in with error code ${errorCode}`);
}
