import type { Socket } from 'node:net';
import { cutFrames, discardPartialFrame, frameCutter, type Frame, type FrameCutter } from './frames.ts';
import { apiVersions, apiVersionsKey } from './protocol/api-versions.ts';
import { errorCodes } from './protocol/error-codes.ts';
import { MalformedRequest, readerOf, type Reader } from './protocol/reader.ts';
import { readRequestHeader, type RequestHeader } from './protocol/request-header.ts';
import { frameOf, writerFor } from './protocol/writer.ts';
import type { BrokerState, Call } from './requests/broker-state.ts';
import type { Endpoint } from './requests/endpoint.ts';
import { endpoints, supportedVersions } from './requests/endpoints.ts';
import { UnansweredProduceFailed } from './requests/produce.ts';

/** Requests waiting beyond this make us stop reading from the socket until they are answered. */
const readAheadBytes = 256 * 1024;
/** A client that takes nothing of its response for this long is gone. */
const stalledMs = 60_000;

export type Traffic = { requests: number; bytesIn: number; bytesOut: number };

export type Connection = {
  readonly socket: Socket;
  readonly state: BrokerState;
  readonly traffic: Traffic;
  readonly advertised: () => { host: string; port: number };
  readonly cutter: FrameCutter;
  readonly waiting: Frame[];
  readonly closeListeners: Set<() => void>;
  waitingBytes: number;
  answering: Promise<void> | null;
};

const endpointsByKey: ReadonlyMap<number, Endpoint> = new Map(endpoints.map((endpoint) => [endpoint.key, endpoint]));

/**
 * Serves one client. Its requests are answered one after the other, in order, as Kafka does; the next is taken up when
 * the last response has left for the socket, so that a slow reader holds one response in memory and no more.
 */
export function serveConnection(
  socket: Socket,
  state: BrokerState,
  traffic: Traffic,
  advertised: Connection['advertised'],
  maxFrameBytes: number,
): Connection {
  const connection: Connection = {
    socket,
    state,
    traffic,
    advertised,
    cutter: frameCutter(maxFrameBytes),
    waiting: [],
    closeListeners: new Set(),
    waitingBytes: 0,
    answering: null,
  };
  socket.setNoDelay(true);
  socket.setKeepAlive(true, stalledMs);
  socket.on('data', (chunk: Buffer) => receive(connection, chunk));
  socket.on('timeout', () => closeWithReason(connection, `the client took nothing of a response for ${stalledMs} ms`));
  socket.on('error', () => undefined); // 'close' follows, and says all there is to do
  socket.on('close', () => closed(connection));
  return connection;
}

function receive(connection: Connection, chunk: Buffer): void {
  connection.traffic.bytesIn += chunk.length;
  try {
    for (const frame of cutFrames(connection.cutter, chunk)) {
      connection.waiting.push(frame);
      connection.waitingBytes += frame.buffer.length;
    }
  } catch (error) {
    return closeWithReason(connection, reasonOf(error));
  }
  if (connection.waitingBytes > readAheadBytes) connection.socket.pause();
  startAnswering(connection);
}

function closed(connection: Connection): void {
  discardPartialFrame(connection.cutter);
  for (const frame of connection.waiting.splice(0)) frame.release();
  for (const listener of [...connection.closeListeners]) listener();
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function closeWithReason(connection: Connection, reason: string, level: 'warn' | 'error' = 'warn'): void {
  const { socket, state } = connection;
  const client = `${socket.remoteAddress ?? 'a client'}:${socket.remotePort ?? ''}`;
  if (!socket.destroyed)
    state.log({ level, message: `closed the connection from ${client}: ${reason}`, client, reason });
  socket.destroy();
}

function startAnswering(connection: Connection): void {
  if (connection.answering !== null || connection.waiting.length === 0) return;
  connection.answering = answerWaiting(connection).finally(() => {
    connection.answering = null;
    startAnswering(connection);
  });
}

async function answerWaiting(connection: Connection): Promise<void> {
  for (let frame = connection.waiting.shift(); frame !== undefined; frame = connection.waiting.shift()) {
    const cleanUps = [frame.release];
    try {
      const response = await answerFrame(connection, frame, (cleanUp) => cleanUps.push(cleanUp));
      if (response !== null) await send(connection, response);
    } catch (error) {
      const expected = error instanceof MalformedRequest || error instanceof UnansweredProduceFailed;
      closeWithReason(connection, reasonOf(error), expected ? 'warn' : 'error');
    }
    for (const cleanUp of cleanUps) cleanUp();
    connection.waitingBytes -= frame.buffer.length;
    if (connection.waitingBytes <= readAheadBytes && connection.socket.isPaused()) connection.socket.resume();
  }
}

function answerFrame(connection: Connection, frame: Frame, afterwards: Call['afterwards']): Promise<Buffer[] | null> {
  connection.traffic.requests += 1;
  const reader = readerOf(frame.buffer);
  const header = readRequestHeader(reader);
  const endpoint = endpointsByKey.get(header.apiKey);
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
    advertised: connection.advertised(),
    afterwards,
    onClosed: (listener) => {
      connection.closeListeners.add(listener);
      if (connection.socket.destroyed) queueMicrotask(listener);
      return () => void connection.closeListeners.delete(listener);
    },
  });
}

/** Resolves when the response was handed to the operating system, or the connection is gone. */
function send(connection: Connection, parts: readonly Buffer[]): Promise<void> {
  const { socket, traffic } = connection;
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    socket.setTimeout(stalledMs);
    socket.cork();
    parts.forEach((part, position) => {
      traffic.bytesOut += part.length;
      socket.write(part, position === parts.length - 1 ? () => finish() : undefined);
    });
    socket.uncork();
    const finish = (): void => {
      socket.setTimeout(0);
      resolve();
    };
  });
}
