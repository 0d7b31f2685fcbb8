import { apiVersionsKey } from './api-versions.ts';
import { readInt16, readInt32, readNullableString, skipTaggedFields, type Reader } from './reader.ts';
import { saslAuthenticateFlexibleFrom, saslAuthenticateKey } from './sasl-authenticate.ts';

export type RequestHeader = {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
};

/**
 * Reads header version 1, or version 2 (with tagged fields) where the request is flexible: of what we speak, that is
 * ApiVersions from version 3 on and SaslAuthenticate from version 2 on.
 */
export function readRequestHeader(reader: Reader): RequestHeader {
  const apiKey = readInt16(reader);
  const apiVersion = readInt16(reader);
  const correlationId = readInt32(reader);
  const clientId = readNullableString(reader);
  const isFlexible =
    (apiKey === apiVersionsKey && apiVersion === 3) ||
    (apiKey === saslAuthenticateKey && apiVersion === saslAuthenticateFlexibleFrom);
  if (isFlexible) skipTaggedFields(reader);
  return { apiKey, apiVersion, correlationId, clientId };
}
