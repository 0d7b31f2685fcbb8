import type { Connection } from './connection-state.ts';
import type { Frame } from './frames.ts';
import { apiVersions, apiVersionsKey } from './protocol/api-versions.ts';
import { errorCodes } from './protocol/error-codes.ts';
import { MalformedRequest, readerOf, type Reader } from './protocol/reader.ts';
import { readRequestHeader, type RequestHeader } from './protocol/request-header.ts';
import { saslAuthenticateKey } from './protocol/sasl-authenticate.ts';
import { saslHandshakeKey } from './protocol/sasl-handshake.ts';
import { frameOf, writerFor } from './protocol/writer.ts';
import type { Call } from './requests/broker-state.ts';
import type { Endpoint } from './requests/endpoint.ts';
import { endpoints, supportedVersions } from './requests/endpoints.ts';
import { isSignedIn } from './sign-in/session.ts';

const endpointsByKey: ReadonlyMap<number, Endpoint> = new Map(endpoints.map((endpoint) => [endpoint.key, endpoint]));
const openToAnybody: ReadonlySet<number> = new Set([apiVersionsKey, saslHandshakeKey, saslAuthenticateKey]);

/** A request that has to wait until its sender has signed in. The connection it came on is closed. */
export class NotSignedIn extends Error {}

/**
 * The response to one request; null when it gets none. Throws MalformedRequest or NotSignedIn when its connection is to
 * be closed.
 */
export function answerFrame(
  connection: Connection,
  frame: Frame,
  afterwards: Call['afterwards'],
): Promise<Buffer[] | null> {
  connection.traffic.requests += 1;
  const reader = readerOf(frame.buffer);
  const header = readRequestHeader(reader);
  const endpoint = endpointsByKey.get(header.apiKey);
  if (!isSignedIn(connection.session) && !openToAnybody.has(header.apiKey))
    throw new NotSignedIn(`${endpoint?.name ?? `API ${header.apiKey}`} was asked for before the client signed in`);
  if (endpoint && header.apiVersion >= endpoint.minVersion && header.apiVersion <= endpoint.maxVersion) {
    return answerWith(endpoint, reader, header, connection, afterwards);
  }
  if (header.apiKey === apiVersionsKey) return Promise.resolve(unsupportedApiVersions(header.correlationId));
  const name = endpoint
    ? `${endpoint.name} (${endpoint.minVersion} to ${endpoint.maxVersion})`
    : 'no API of this broker';
  throw new MalformedRequest(`request of API ${header.apiKey} version ${header.apiVersion} is not supported: ${name}`);
}

/** A client newer than us is answered in version 0, which it can read and choose from (KIP-511). */
function unsupportedApiVersions(correlationId: number): Buffer[] {
  const writer = writerFor(correlationId);
  apiVersions.encode(writer, supportedVersions(errorCodes.UNSUPPORTED_VERSION), 0);
  return frameOf(writer);
}

function answerWith(
  endpoint: Endpoint,
  reader: Reader,
  header: RequestHeader,
  connection: Connection,
  afterwards: Call['afterwards'],
): Promise<Buffer[] | null> {
  return endpoint.answer(reader, header.correlationId, connection.state, {
    version: header.apiVersion,
    clientId: header.clientId ?? '',
    clientHost: `/${connection.socket.remoteAddress ?? ''}`,
    session: connection.session,
    advertised: connection.advertised(),
    fetchWaitMs: connection.limits.fetchWaitMs,
    afterwards,
    onClosed: (listener) => {
      connection.closeListeners.add(listener);
      if (connection.socket.destroyed) queueMicrotask(listener);
      return () => void connection.closeListeners.delete(listener);
    },
  });
}
