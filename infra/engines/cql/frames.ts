import { string } from './native-protocol.ts';

/**
 * A frame of CQL's native protocol: https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec, chapter
 * 2.
 */
export interface Frame {
  opcode: number;
  /** Pairs an answer with its request on one connection. */
  stream: number;
  bytes: Buffer;
}

const HEAD = 9;
const VERSION_OF_ANSWERS = 0x84;
const ERROR = 0x00;
const WRITE_TIMEOUT = 0x1100;
const LOCAL_SERIAL = 0x0009;

/** Cuts what comes over a connection into frames. */
export const frames = (each: (frame: Frame) => void): ((chunk: Buffer) => void) => {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= HEAD && rest.length >= HEAD + rest.readInt32BE(5)) {
      const bytes = rest.subarray(0, HEAD + rest.readInt32BE(5));
      rest = rest.subarray(bytes.length);
      each({ opcode: bytes.readUInt8(4), stream: bytes.readInt16BE(2), bytes });
    }
  };
};

/** The response of a server whose copies did not agree in time on a conditional write (chapter 9, write type CAS). */
export const writeTimedOut = (stream: number): Buffer => {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(LOCAL_SERIAL, 0);
  fixed.writeInt32BE(0, 2);
  fixed.writeInt32BE(1, 6);
  const code = Buffer.alloc(4);
  code.writeInt32BE(WRITE_TIMEOUT);
  const body = Buffer.concat([code, string('Operation timed out - received only 0 responses.'), fixed, string('CAS')]);
  const head = Buffer.alloc(HEAD);
  head.writeUInt8(VERSION_OF_ANSWERS, 0);
  head.writeInt16BE(stream, 2);
  head.writeUInt8(ERROR, 4);
  head.writeInt32BE(body.length, 5);
  return Buffer.concat([head, body]);
};
