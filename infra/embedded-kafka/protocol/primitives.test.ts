import fc from 'fast-check';
import {
  MalformedRequest,
  readArray,
  readerOf,
  readInt16,
  readInt32,
  readInt64,
  readInt8,
  readNullableBytes,
  readNullableString,
  type Reader,
} from './reader.ts';
import {
  frameOf,
  writeArray,
  writeBytes,
  writeBytesByReference,
  writeInt16,
  writeInt32,
  writeInt64,
  writeInt8,
  writeNullableString,
  writerFor,
  type Writer,
} from './writer.ts';

/** The written bytes behind size and correlation id. */
function bodyOf(write: (writer: Writer) => void): Reader {
  const writer = writerFor(77);
  write(writer);
  const frame = Buffer.concat(frameOf(writer));
  expect(frame.readInt32BE(0)).toBe(frame.length - 4);
  expect(frame.readInt32BE(4)).toBe(77);
  return readerOf(frame.subarray(8));
}

describe('the primitives of the protocol', () => {
  test('every value reads as it was written', () => {
    const value = fc.record({
      int8: fc.integer({ min: -128, max: 127 }),
      int16: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
      int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      int64: fc.maxSafeInteger(),
      text: fc.option(fc.string({ unit: 'grapheme', maxLength: 300 })),
      bytes: fc.uint8Array({ maxLength: 2000 }),
      list: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    });
    fc.assert(
      fc.property(value, (written) => {
        const reader = bodyOf((writer) => {
          writeInt8(writer, written.int8);
          writeInt16(writer, written.int16);
          writeInt32(writer, written.int32);
          writeInt64(writer, written.int64);
          writeNullableString(writer, written.text);
          writeBytes(writer, Buffer.from(written.bytes));
          writeBytesByReference(writer, Buffer.from(written.bytes));
          writeArray(writer, written.list, writeInt32);
        });
        expect(readInt8(reader)).toBe(written.int8);
        expect(readInt16(reader)).toBe(written.int16);
        expect(readInt32(reader)).toBe(written.int32);
        expect(readInt64(reader)).toBe(written.int64);
        expect(readNullableString(reader)).toBe(written.text);
        expect(readNullableBytes(reader)).toEqual(Buffer.from(written.bytes));
        expect(readNullableBytes(reader)).toEqual(Buffer.from(written.bytes));
        expect(readArray(reader, readInt32)).toEqual(written.list);
        expect(reader.position).toBe(reader.buffer.length);
      }),
    );
  });

  test('reading beyond the end is refused as malformed, never as a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const reader = readerOf(Buffer.from(bytes));
        try {
          readArray(reader, (inner) => [readNullableString(inner), readNullableBytes(inner), readInt64(inner)]);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedRequest);
        }
      }),
    );
  });

  test('an array that announces more elements than the frame has bytes is refused before anything is built', () => {
    const frame = Buffer.alloc(12);
    frame.writeInt32BE(2_000_000_000, 0);
    expect(() => readArray(readerOf(frame), readInt8)).toThrow(MalformedRequest);
  });

  test('all arrays of one request together have a limit', () => {
    const frame = Buffer.alloc(300_004);
    frame.writeInt32BE(300_000, 0);
    expect(() => readArray(readerOf(frame), readInt8)).toThrow(MalformedRequest);
  });
});
