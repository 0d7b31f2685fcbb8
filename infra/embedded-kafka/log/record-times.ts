import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { MalformedRequest, readerOf, type Reader } from '../protocol/reader.ts';
import { batchHeaderBytes, compressionOf, zstd, type BatchHeader } from './record-batch.ts';

export type RecordTime = { readonly offset: number; readonly timestamp: number };

const none = 0;
const gzip = 1;

/** Largest size to decompress a batch to while looking for a time in it. */
const maxOutputLength = 64 * 1024 * 1024;

/**
 * The first record of a batch with a timestamp of at least `timestamp`. Batches in a compression that Node does not
 * have (snappy, lz4), or that do not read as records, answer with their first record: a consumer that starts there
 * misses nothing.
 */
export function findRecordTime(batch: Buffer, header: BatchHeader, timestamp: number): RecordTime | null {
  const first = { offset: header.baseOffset, timestamp: header.baseTimestamp };
  try {
    const records = decompress(batch.subarray(batchHeaderBytes), compressionOf(header));
    return records === null ? first : searchRecords(readerOf(records), header, timestamp);
  } catch {
    return first;
  }
}

function decompress(records: Buffer, compression: number): Buffer | null {
  if (compression === none) return records;
  if (compression === gzip) return gunzipSync(records, { maxOutputLength });
  return compression === zstd ? zstdDecompressSync(records, { maxOutputLength }) : null;
}

function searchRecords(reader: Reader, header: BatchHeader, timestamp: number): RecordTime | null {
  for (let record = 0; record < header.recordCount; record += 1) {
    const length = readVarint(reader);
    const end = reader.position + length;
    if (length < 0 || end > reader.buffer.length) throw new MalformedRequest(`a record of ${length} bytes`);
    reader.position += 1; // attributes
    const recordTimestamp = header.baseTimestamp + readVarint(reader);
    const offset = header.baseOffset + readVarint(reader);
    if (recordTimestamp >= timestamp) return { offset, timestamp: recordTimestamp };
    reader.position = end;
  }
  return null;
}

/** A zigzag varint of up to ten bytes. */
function readVarint(reader: Reader): number {
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = reader.buffer.readUInt8(reader.position);
    reader.position += 1;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  throw new MalformedRequest('a varint is longer than ten bytes');
}
