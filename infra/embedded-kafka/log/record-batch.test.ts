import { gzipSync } from 'node:zlib';
import { errorCodes } from '../protocol/error-codes.ts';
import { buildBatch } from '../testing/build-batch.ts';
import { crc32c } from './crc32c.ts';
import { checkProducedBatch, placeBatch, readBatchHeader, storedCrc } from './record-batch.ts';

const batch = (): Buffer => buildBatch([{ value: 'one' }, { value: 'two' }], { producerId: 5, epoch: 1, sequence: 9 });
const enough = 1_000_000;

/** A batch with some bytes changed and the checksum right again, as a wrong client would send it. */
function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = batch();
  change(bytes);
  bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}

describe('a produced batch', () => {
  test('is accepted with what its header says', () => {
    const checked = checkProducedBatch(batch(), enough);
    expect(checked).toMatchObject({
      valid: true,
      header: { recordCount: 2, producerId: 5, producerEpoch: 1, baseSequence: 9 },
    });
  });

  test('gets its offset without its checksum changing', () => {
    const placed = batch();
    placeBatch(placed, 2 ** 40 + 3);
    expect(readBatchHeader(placed)?.baseOffset).toBe(2 ** 40 + 3);
    expect(crc32c(placed, 21)).toBe(storedCrc(placed));
  });

  test.each([
    { name: 'none', records: null, code: errorCodes.CORRUPT_MESSAGE },
    { name: 'shorter than a header', records: batch().subarray(0, 60), code: errorCodes.CORRUPT_MESSAGE },
    { name: 'a flipped bit', records: flip(batch(), 70), code: errorCodes.CORRUPT_MESSAGE },
    { name: 'two batches', records: Buffer.concat([batch(), batch()]), code: errorCodes.INVALID_RECORD },
    { name: 'a cut batch', records: batch().subarray(0, -1), code: errorCodes.INVALID_RECORD },
    {
      name: 'message format 1',
      records: changed((bytes) => bytes.writeInt8(1, 16)),
      code: errorCodes.UNSUPPORTED_FOR_MESSAGE_FORMAT,
    },
    { name: 'no records', records: changed((bytes) => bytes.writeInt32BE(0, 57)), code: errorCodes.INVALID_RECORD },
    {
      name: 'a wrong last offset',
      records: changed((bytes) => bytes.writeInt32BE(7, 23)),
      code: errorCodes.INVALID_RECORD,
    },
    {
      name: 'a control batch',
      records: changed((bytes) => bytes.writeInt16BE(0x20, 21)),
      code: errorCodes.INVALID_RECORD,
    },
    {
      name: 'a transaction',
      records: changed((bytes) => bytes.writeInt16BE(0x10, 21)),
      code: errorCodes.INVALID_RECORD,
    },
    {
      name: 'compression 5',
      records: changed((bytes) => bytes.writeInt16BE(5, 21)),
      code: errorCodes.UNSUPPORTED_COMPRESSION_TYPE,
    },
    {
      name: 'a producer without sequence',
      records: changed((bytes) => bytes.writeInt32BE(-1, 53)),
      code: errorCodes.INVALID_RECORD,
    },
  ])('is refused: $name', ({ records, code }) => {
    expect(checkProducedBatch(records, enough)).toMatchObject({ valid: false, errorCode: code });
  });

  test('is refused over max.message.bytes, saying both sizes', () => {
    const records = batch();
    const checked = checkProducedBatch(records, records.length - 1);
    expect(checked).toMatchObject({ valid: false, errorCode: errorCodes.MESSAGE_TOO_LARGE });
    expect(checked.valid ? '' : checked.message).toContain(String(records.length));
  });

  test('is taken as it is when compressed', () => {
    const compressed = buildBatch([{ value: 'one' }], {}, { type: 1, compress: gzipSync });
    expect(checkProducedBatch(compressed, enough).valid).toBe(true);
  });
});

function flip(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
}
