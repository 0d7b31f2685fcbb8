import fc from 'fast-check';
import {
  decodeIndex,
  emptyIndex,
  encodeIndex,
  indexBatch,
  positionBefore,
  positionBeforeTime,
  type SparseIndex,
} from './sparse-index.ts';

type Batch = {
  readonly baseOffset: number;
  readonly size: number;
  readonly maxTimestamp: number;
  readonly position: number;
};

const batches = fc
  .array(
    fc.record({
      records: fc.integer({ min: 1, max: 50 }),
      size: fc.integer({ min: 61, max: 30_000 }),
      maxTimestamp: fc.nat(1000),
    }),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((shapes) => {
    const placed: Batch[] = [];
    let baseOffset = 100;
    let position = 0;
    for (const { records, size, maxTimestamp } of shapes) {
      placed.push({ baseOffset, size, maxTimestamp, position });
      baseOffset += records;
      position += size;
    }
    return placed;
  });

function indexOf(placed: readonly Batch[]): SparseIndex {
  const index = emptyIndex();
  for (const batch of placed) indexBatch(index, batch, batch.position);
  return index;
}

describe('the sparse index', () => {
  test('leads to a batch start at or before the wanted offset, less than two entries away', () => {
    fc.assert(
      fc.property(batches, fc.nat(2000), (placed, offset) => {
        const wanted = placed.findLast((batch) => batch.baseOffset <= 100 + offset);
        const position = positionBefore(indexOf(placed), 100 + offset);
        expect(placed.map((batch) => batch.position)).toContain(position);
        expect(position).toBeLessThanOrEqual(wanted?.position ?? 0);
        expect((wanted?.position ?? 0) - position).toBeLessThan(16 * 1024 + 30_000);
      }),
    );
  });

  test('leads to a position at or before the first batch of a time', () => {
    fc.assert(
      fc.property(batches, fc.nat(1000), (placed, timestamp) => {
        const first = placed.find((batch) => batch.maxTimestamp >= timestamp);
        if (first) expect(positionBeforeTime(indexOf(placed), timestamp)).toBeLessThanOrEqual(first.position);
      }),
    );
  });

  test('reads from its file as it was written', () => {
    fc.assert(
      fc.property(batches, (placed) => {
        const file = { index: indexOf(placed), segmentBytes: 12_345, nextOffset: 678 };
        expect(decodeIndex(encodeIndex(file))).toEqual(file);
      }),
    );
  });

  test('a file that is cut or changed anywhere is not believed', () => {
    fc.assert(
      fc.property(batches, fc.nat(), fc.boolean(), (placed, at, cut) => {
        const file = encodeIndex({ index: indexOf(placed), segmentBytes: 1, nextOffset: 2 });
        const place = at % file.length;
        const damaged = cut ? file.subarray(0, place) : Buffer.from(file);
        if (!cut) damaged.writeUInt8(damaged.readUInt8(place) ^ 0x40, place);
        expect(decodeIndex(damaged)).toBeNull();
      }),
    );
  });
});
