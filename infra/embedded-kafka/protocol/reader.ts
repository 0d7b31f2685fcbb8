/** A request that does not follow the protocol. The connection it came on is closed, nothing else happens. */
export class MalformedRequest extends Error {}

/**
 * A cursor over one request. `elementsLeft` is how many array elements the whole request may still announce, so that
 * a small frame of empty strings cannot make the broker build millions of objects.
 */
export type Reader = { readonly buffer: Buffer; position: number; elementsLeft: number };

const maxElements = 200_000;

export const readerOf = (buffer: Buffer): Reader => ({ buffer, position: 0, elementsLeft: maxElements });

/**
 * Moves the cursor over `length` bytes and returns where they begin. Throws MalformedRequest when they are not there.
 */
function take(reader: Reader, length: number): number {
  const start = reader.position;
  if (length < 0 || start + length > reader.buffer.length) {
    throw new MalformedRequest(
      `needs ${length} bytes at position ${start}, the frame has ${reader.buffer.length} bytes`,
    );
  }
  reader.position = start + length;
  return start;
}

export const readInt8 = (reader: Reader): number => reader.buffer.readInt8(take(reader, 1));
export const readBoolean = (reader: Reader): boolean => readInt8(reader) !== 0;
export const readInt16 = (reader: Reader): number => reader.buffer.readInt16BE(take(reader, 2));
export const readInt32 = (reader: Reader): number => reader.buffer.readInt32BE(take(reader, 4));

/** Offsets, ids and times: exact up to 2^53, which a log at a million records a second reaches after 285 years. */
export function readInt64(reader: Reader): number {
  const start = take(reader, 8);
  return reader.buffer.readInt32BE(start) * 0x1_0000_0000 + reader.buffer.readUInt32BE(start + 4);
}

export function readNullableString(reader: Reader): string | null {
  const length = readInt16(reader);
  if (length === -1) return null;
  const start = take(reader, length);
  return reader.buffer.toString('utf8', start, start + length);
}

export function readString(reader: Reader): string {
  const value = readNullableString(reader);
  if (value === null) throw new MalformedRequest(`a string at position ${reader.position} is null and may not be`);
  return value;
}

/** A view into the frame: valid only while the request is being answered. */
export function readNullableBytes(reader: Reader): Buffer | null {
  const length = readInt32(reader);
  if (length === -1) return null;
  const start = take(reader, length);
  return reader.buffer.subarray(start, start + length);
}

/** A copy, for what outlives the request (the frame's memory is reused). */
export function readBytesCopy(reader: Reader): Buffer {
  return Buffer.from(readNullableBytes(reader) ?? Buffer.alloc(0));
}

export function readNullableArray<Element>(reader: Reader, readElement: (reader: Reader) => Element): Element[] | null {
  const length = readInt32(reader);
  if (length === -1) return null;
  if (length < 0 || length > reader.buffer.length - reader.position || length > reader.elementsLeft) {
    throw new MalformedRequest(`an array announces ${length} elements, more than the frame can hold`);
  }
  reader.elementsLeft -= length;
  return Array.from({ length }, () => readElement(reader));
}

/** A null array reads as an empty one. */
export function readArray<Element>(reader: Reader, readElement: (reader: Reader) => Element): Element[] {
  return readNullableArray(reader, readElement) ?? [];
}

function readUnsignedVarint(reader: Reader): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = reader.buffer.readUInt8(take(reader, 1));
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new MalformedRequest(`a varint at position ${reader.position} is longer than five bytes`);
}

export function skipCompactString(reader: Reader): void {
  const length = readUnsignedVarint(reader);
  take(reader, Math.max(0, length - 1));
}

/** As `readBytesCopy`, of a flexible version, which writes the length plus one. */
export function readCompactBytesCopy(reader: Reader): Buffer {
  const length = Math.max(0, readUnsignedVarint(reader) - 1);
  const start = take(reader, length);
  return Buffer.from(reader.buffer.subarray(start, start + length));
}

/** Tagged fields are extensions that a receiver may ignore (KIP-482). */
export function skipTaggedFields(reader: Reader): void {
  const fields = readUnsignedVarint(reader);
  for (let field = 0; field < fields; field += 1) {
    readUnsignedVarint(reader);
    take(reader, readUnsignedVarint(reader));
  }
}
