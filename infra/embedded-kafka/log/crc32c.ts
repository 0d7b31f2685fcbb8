/**
 * CRC-32C (Castagnoli, RFC 3720 appendix B.4), which Node's zlib does not have (its crc32 is another polynomial).
 * Slicing-by-8: eight table look-ups for eight bytes at a time, after Kounavis and Berry, "A Systematic Approach to
 * Building High Performance Software-based CRC Generators" (2005).
 */
const polynomial = 0x82f63b78;

function buildTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    tables[byte] = crc;
  }
  for (let index = 256; index < tables.length; index += 1) {
    const previous = tables[index - 256] ?? 0;
    tables[index] = (previous >>> 8) ^ (tables[previous & 0xff] ?? 0);
  }
  return tables;
}

const tables = buildTables();
const table = (slice: number, byte: number): number => tables[slice * 256 + byte] ?? 0;

/**
 * The CRC-32C of `buffer[start, end)` as an unsigned 32-bit number. `previous` is the CRC of the bytes before, so that
 * a long message can be summed piece by piece.
 */
export function crc32c(buffer: Uint8Array, start = 0, end = buffer.length, previous = 0): number {
  let crc = ~previous;
  let at = start;
  const last = end - 8;
  while (at <= last) {
    const low =
      crc ^
      byteAt(buffer, at) ^
      (byteAt(buffer, at + 1) << 8) ^
      (byteAt(buffer, at + 2) << 16) ^
      (byteAt(buffer, at + 3) << 24);
    crc =
      table(7, low & 0xff) ^
      table(6, (low >>> 8) & 0xff) ^
      table(5, (low >>> 16) & 0xff) ^
      table(4, low >>> 24) ^
      table(3, byteAt(buffer, at + 4)) ^
      table(2, byteAt(buffer, at + 5)) ^
      table(1, byteAt(buffer, at + 6)) ^
      table(0, byteAt(buffer, at + 7));
    at += 8;
  }
  for (; at < end; at += 1) crc = (crc >>> 8) ^ table(0, (crc ^ byteAt(buffer, at)) & 0xff);
  return ~crc >>> 0;
}

function byteAt(buffer: Uint8Array, at: number): number {
  return buffer[at] ?? 0;
}
