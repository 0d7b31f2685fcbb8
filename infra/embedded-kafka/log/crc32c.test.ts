import fc from 'fast-check';
import { crc32c } from './crc32c.ts';

/** The definition, bit by bit. */
function bitwise(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe('CRC-32C', () => {
  // RFC 3720, appendix B.4
  test.each([
    { name: '32 zeros', bytes: Buffer.alloc(32), crc: 0x8a9136aa },
    { name: '32 ones', bytes: Buffer.alloc(32, 0xff), crc: 0x62a8ab43 },
    { name: 'ascending', bytes: Buffer.from(Array.from({ length: 32 }, (_, index) => index)), crc: 0x46dd794e },
    { name: 'the check string', bytes: Buffer.from('123456789'), crc: 0xe3069283 },
  ])('$name', ({ bytes, crc }) => {
    expect(crc32c(bytes)).toBe(crc);
  });

  test('equals its definition for any bytes, whole or in pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), fc.nat(200), (bytes, one, other) => {
        const start = Math.min(one, bytes.length);
        const middle = Math.min(start + other, bytes.length);
        expect(crc32c(bytes, start)).toBe(bitwise(bytes.subarray(start)));
        expect(crc32c(bytes, middle, bytes.length, crc32c(bytes, start, middle))).toBe(bitwise(bytes.subarray(start)));
      }),
    );
  });
});
