import { connect, type Socket } from 'node:net';
import { cutFrames, frameCutter } from '../frames.ts';
import { readerOf, readInt32, type Reader } from '../protocol/reader.ts';
import { frameOf, writeInt16, writeInt32, writerFor, writeString, type Writer } from '../protocol/writer.ts';

/** A bare client of the protocol: what it sends is exactly what a test says. */
export type WireClient = {
  readonly socket: Socket;
  /** Sends one request and reads its response; rejects when the connection ends first. */
  readonly request: <Response>(
    apiKey: number,
    version: number,
    writeBody: (writer: Writer) => void,
    readBody: (reader: Reader) => Response,
  ) => Promise<Response>;
  /** Sends a request that has no response (Produce with acks 0). */
  readonly send: (apiKey: number, version: number, writeBody: (writer: Writer) => void) => void;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  readonly close: () => Promise<void>;
};

type Waiting = { readonly take: (frame: Buffer) => void; readonly fail: (error: Error) => void };

export function requestFrame(
  apiKey: number,
  version: number,
  correlationId: number,
  writeBody: (writer: Writer) => void,
): Buffer[] {
  const writer = writerFor(correlationId);
  writer.position = 4; // a request starts with its API, not with the correlation id
  writeInt16(writer, apiKey);
  writeInt16(writer, version);
  writeInt32(writer, correlationId);
  writeString(writer, 'wire-client');
  writeBody(writer);
  return frameOf(writer);
}

export async function connectWire(address: { readonly host: string; readonly port: number }): Promise<WireClient> {
  const socket = connect(address.port, address.host);
  const waiting = new Map<number, Waiting>();
  const cutter = frameCutter(64 * 1024 * 1024);
  let correlationId = 0;
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    for (const frame of cutFrames(cutter, chunk)) {
      if (frame.buffer.length < 4) continue; // a bare token, which is no response
      const id = frame.buffer.readInt32BE(0);
      waiting.get(id)?.take(frame.buffer);
      waiting.delete(id);
      frame.release();
    }
  });
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      for (const { fail } of waiting.values()) fail(new Error('the broker closed the connection'));
      resolve();
    });
  });
  const send: WireClient['send'] = (apiKey, version, writeBody) => {
    correlationId += 1;
    socket.cork();
    for (const part of requestFrame(apiKey, version, correlationId, writeBody)) socket.write(part);
    socket.uncork();
  };
  return {
    socket,
    closed,
    send,
    request: (apiKey, version, writeBody, readBody) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the connection is closed'));
        send(apiKey, version, writeBody);
        waiting.set(correlationId, { take: (frame) => resolve(readAfterHeader(frame, readBody)), fail: reject });
      }),
    close: async () => {
      socket.destroy();
      await closed;
    },
  };
}

function readAfterHeader<Response>(frame: Buffer, readBody: (reader: Reader) => Response): Response {
  const reader = readerOf(frame);
  readInt32(reader);
  return readBody(reader);
}
