import { crc32c } from '../log/crc32c.ts';
import { batchHeaderBytes, crcCoversFrom } from '../log/record-batch.ts';

export type RecordToBuild = { readonly key?: string; readonly value: string | Buffer; readonly timestamp?: number };
export type BatchIdentity = { readonly producerId?: number; readonly epoch?: number; readonly sequence?: number };

/** A zigzag varint. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >= 0 ? value * 2 : -value * 2 - 1;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

function field(content: Buffer | null): Buffer {
  return content === null ? Buffer.from(varint(-1)) : Buffer.concat([Buffer.from(varint(content.length)), content]);
}

function encodeRecord(record: RecordToBuild, offsetDelta: number, baseTimestamp: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    Buffer.from(varint((record.timestamp ?? baseTimestamp) - baseTimestamp)),
    Buffer.from(varint(offsetDelta)),
    field(record.key === undefined ? null : Buffer.from(record.key)),
    field(Buffer.from(record.value)),
    Buffer.from(varint(0)),
  ]);
  return Buffer.concat([Buffer.from(varint(body.length)), body]);
}

/** A record batch as a producer sends it: base offset 0, checksum right. `compress` is applied to the records. */
export function buildBatch(
  records: readonly RecordToBuild[],
  { producerId = -1, epoch = -1, sequence = -1 }: BatchIdentity = {},
  compression: { readonly type: number; readonly compress: (records: Buffer) => Buffer } | null = null,
): Buffer {
  const timestamps = records.map(({ timestamp }) => timestamp ?? 1_700_000_000_000);
  const baseTimestamp = timestamps[0] ?? 0;
  const encoded = Buffer.concat(records.map((record, delta) => encodeRecord(record, delta, baseTimestamp)));
  const body = compression ? compression.compress(encoded) : encoded;
  const batch = Buffer.concat([Buffer.alloc(batchHeaderBytes), body]);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(compression?.type ?? 0, 21);
  batch.writeInt32BE(records.length - 1, 23);
  batch.writeBigInt64BE(BigInt(baseTimestamp), 27);
  batch.writeBigInt64BE(BigInt(Math.max(...timestamps)), 35);
  batch.writeBigInt64BE(BigInt(producerId), 43);
  batch.writeInt16BE(epoch, 51);
  batch.writeInt32BE(sequence, 53);
  batch.writeInt32BE(records.length, 57);
  batch.writeUInt32BE(crc32c(batch, crcCoversFrom), 17);
  return batch;
}

export type RecordRead = { readonly offset: number; readonly value: string };

/** The records of uncompressed batches, one behind the other. */
export function readRecords(batches: Buffer): RecordRead[] {
  const records: RecordRead[] = [];
  for (let at = 0; at < batches.length;) {
    const baseOffset = Number(batches.readBigInt64BE(at));
    const end = at + 12 + batches.readInt32BE(at + 8);
    let position = at + batchHeaderBytes;
    const next = (): number => {
      let value = 0;
      for (let factor = 1; ; factor *= 0x80) {
        const byte = batches.readUInt8(position);
        position += 1;
        value += (byte & 0x7f) * factor;
        if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
    };
    while (position < end) {
      const length = next();
      const recordEnd = position + length;
      position += 1;
      next();
      const offset = baseOffset + next();
      const keyLength = next();
      position += Math.max(0, keyLength);
      const valueLength = next();
      records.push({ offset, value: batches.toString('utf8', position, position + valueLength) });
      position = recordEnd;
    }
    at = end;
  }
  return records;
}
