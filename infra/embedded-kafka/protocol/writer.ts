/** A response under construction: finished parts, and the buffer now being filled. */
export type Writer = { readonly parts: Buffer[]; buffer: Buffer; start: number; position: number };

const headerBytes = 8;

/** Starts a response: its size (filled in by `frameOf`) and correlation id come first. */
export function writerFor(correlationId: number): Writer {
  const buffer = Buffer.allocUnsafe(256);
  buffer.writeInt32BE(correlationId, 4);
  return { parts: [], buffer, start: 0, position: headerBytes };
}

function reserve(writer: Writer, length: number): number {
  const position = writer.position;
  if (position + length > writer.buffer.length) {
    const grown = Buffer.allocUnsafe(Math.max(writer.buffer.length * 2, position + length));
    writer.buffer.copy(grown, writer.start, writer.start, position);
    writer.buffer = grown;
  }
  writer.position = position + length;
  return position;
}

export function writeInt8(writer: Writer, value: number): void {
  const at = reserve(writer, 1);
  writer.buffer.writeInt8(value, at);
}

export function writeBoolean(writer: Writer, value: boolean): void {
  writeInt8(writer, value ? 1 : 0);
}

export function writeInt16(writer: Writer, value: number): void {
  const at = reserve(writer, 2);
  writer.buffer.writeInt16BE(value, at);
}

export function writeInt32(writer: Writer, value: number): void {
  const at = reserve(writer, 4);
  writer.buffer.writeInt32BE(value, at);
}

export function writeInt64(writer: Writer, value: number): void {
  const at = reserve(writer, 8);
  const high = Math.floor(value / 0x1_0000_0000);
  writer.buffer.writeInt32BE(high, at);
  writer.buffer.writeUInt32BE(value - high * 0x1_0000_0000, at + 4);
}

export function writeNullableString(writer: Writer, value: string | null): void {
  if (value === null) return writeInt16(writer, -1);
  const length = Buffer.byteLength(value);
  writeInt16(writer, length);
  const at = reserve(writer, length);
  writer.buffer.write(value, at, 'utf8');
}

export function writeString(writer: Writer, value: string): void {
  writeNullableString(writer, value);
}

export function writeBytes(writer: Writer, value: Buffer): void {
  writeInt32(writer, value.length);
  const at = reserve(writer, value.length);
  value.copy(writer.buffer, at);
}

/** Like `writeBytes`, without copying: the memory must stay untouched until the response was sent. */
export function writeBytesByReference(writer: Writer, value: Buffer): void {
  writeInt32(writer, value.length);
  if (value.length === 0) return;
  writer.parts.push(writer.buffer.subarray(writer.start, writer.position), value);
  writer.start = writer.position;
}

export function writeArray<Element>(
  writer: Writer,
  elements: readonly Element[],
  writeElement: (writer: Writer, element: Element) => void,
): void {
  writeInt32(writer, elements.length);
  for (const element of elements) writeElement(writer, element);
}

/** An unsigned varint below 2^31, as flexible versions encode lengths (KIP-482). */
export function writeUnsignedVarint(writer: Writer, value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    writeInt8(writer, (((rest & 0x7f) | 0x80) << 24) >> 24);
    rest >>>= 7;
  }
  writeInt8(writer, rest);
}

export function writeCompactNullableString(writer: Writer, value: string | null): void {
  if (value === null) return writeUnsignedVarint(writer, 0);
  writeCompactBytes(writer, Buffer.from(value));
}

export function writeCompactBytes(writer: Writer, value: Buffer): void {
  writeUnsignedVarint(writer, value.length + 1);
  const at = reserve(writer, value.length);
  value.copy(writer.buffer, at);
}

/** Ends the response: the buffers to send, in order, with the frame's size filled in. */
export function frameOf(writer: Writer): Buffer[] {
  const parts = [...writer.parts, writer.buffer.subarray(writer.start, writer.position)];
  const size = parts.reduce((total, part) => total + part.length, 0) - 4;
  parts[0]?.writeInt32BE(size, 0);
  return parts;
}
