import { errorCodes } from '../protocol/error-codes.ts';
import { crc32c } from './crc32c.ts';

/**
 * The header of a record batch, message format 2 (https://kafka.apache.org/documentation/#recordbatch). Batches are
 * stored and served as the producer sent them: only base offset and leader epoch, which the checksum leaves out, are
 * rewritten.
 */
export type BatchHeader = {
  readonly baseOffset: number;
  /** Bytes of the whole batch, header included. */
  readonly size: number;
  readonly attributes: number;
  readonly lastOffsetDelta: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
};

export const batchHeaderBytes = 61;
const lengthPrefixBytes = 12;
const crcAt = 17;
export const crcCoversFrom = 21;

const compressionMask = 0x07;
const transactionalBit = 0x10;
const controlBit = 0x20;
export const zstd = 4;

export const compressionOf = (header: Pick<BatchHeader, 'attributes'>): number => header.attributes & compressionMask;

function readInt64(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * 0x1_0000_0000 + buffer.readUInt32BE(at + 4);
}

/**
 * Reads the header at `at`, which must have `batchHeaderBytes` bytes behind it. Null when this cannot be the start of
 * a batch of format 2.
 */
export function readBatchHeader(buffer: Buffer, at = 0): BatchHeader | null {
  const size = buffer.readInt32BE(at + 8) + lengthPrefixBytes;
  if (size < batchHeaderBytes || buffer[at + 16] !== 2) return null;
  return {
    baseOffset: readInt64(buffer, at),
    size,
    attributes: buffer.readInt16BE(at + 21),
    lastOffsetDelta: buffer.readInt32BE(at + 23),
    baseTimestamp: readInt64(buffer, at + 27),
    maxTimestamp: readInt64(buffer, at + 35),
    producerId: readInt64(buffer, at + 43),
    producerEpoch: buffer.readInt16BE(at + 51),
    baseSequence: buffer.readInt32BE(at + 53),
    recordCount: buffer.readInt32BE(at + 57),
  };
}

export const storedCrc = (buffer: Buffer, at = 0): number => buffer.readUInt32BE(at + crcAt);

/** Gives the batch its place in the log, in place. */
export function placeBatch(batch: Buffer, baseOffset: number): void {
  const high = Math.floor(baseOffset / 0x1_0000_0000);
  batch.writeInt32BE(high, 0);
  batch.writeUInt32BE(baseOffset - high * 0x1_0000_0000, 4);
  batch.writeInt32BE(0, lengthPrefixBytes);
}

export type CheckedBatch =
  | { readonly valid: true; readonly header: BatchHeader }
  | { readonly valid: false; readonly errorCode: number; readonly message: string };

const refuse = (errorCode: number, message: string): CheckedBatch => ({ valid: false, errorCode, message });

/** Checks what a producer sent for one partition: exactly one intact batch of format 2, without transactions. */
export function checkProducedBatch(records: Buffer | null, maxBytes: number): CheckedBatch {
  if (records === null || records.length < batchHeaderBytes) {
    return refuse(
      errorCodes.CORRUPT_MESSAGE,
      `the records are ${records?.length ?? 0} bytes, shorter than one batch header`,
    );
  }
  if (records.length > maxBytes) {
    return refuse(
      errorCodes.MESSAGE_TOO_LARGE,
      `the batch has ${records.length} bytes, max.message.bytes of the topic is ${maxBytes}: send smaller batches or raise it`,
    );
  }
  if (records[16] !== 2) {
    return refuse(
      errorCodes.UNSUPPORTED_FOR_MESSAGE_FORMAT,
      `message format ${records[16] ?? 'none'}, only 2 is stored`,
    );
  }
  const header = readBatchHeader(records);
  if (header === null || header.size !== records.length) {
    return refuse(errorCodes.INVALID_RECORD, `a partition takes exactly one whole batch per request`);
  }
  if (crc32c(records, crcCoversFrom) !== storedCrc(records)) {
    return refuse(errorCodes.CORRUPT_MESSAGE, 'the checksum (CRC-32C) of the batch does not match its bytes');
  }
  return checkMeaning(header);
}

function checkMeaning(header: BatchHeader): CheckedBatch {
  if (header.recordCount < 1 || header.lastOffsetDelta !== header.recordCount - 1) {
    return refuse(
      errorCodes.INVALID_RECORD,
      `the batch counts ${header.recordCount} records, its last offset delta is ${header.lastOffsetDelta}`,
    );
  }
  if (header.attributes & (transactionalBit | controlBit)) {
    return refuse(errorCodes.INVALID_RECORD, 'transactional and control batches are not supported by this broker');
  }
  if (compressionOf(header) > zstd) {
    return refuse(errorCodes.UNSUPPORTED_COMPRESSION_TYPE, `compression type ${compressionOf(header)} is unknown`);
  }
  if (header.producerId >= 0 && (header.producerEpoch < 0 || header.baseSequence < 0)) {
    return refuse(errorCodes.INVALID_RECORD, 'an idempotent batch needs an epoch and a sequence of at least 0');
  }
  return { valid: true, header };
}
