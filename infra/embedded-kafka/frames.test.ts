import fc from 'fast-check';
import { cutFrames, frameCutter } from './frames.ts';
import { MalformedRequest } from './protocol/reader.ts';

const framed = (content: Uint8Array): Buffer => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(content.length);
  return Buffer.concat([size, content]);
};

describe('cutting a stream into frames', () => {
  test('does not depend on how the bytes arrive', () => {
    const contents = fc.array(fc.uint8Array({ minLength: 8, maxLength: 9000 }), { maxLength: 6 });
    fc.assert(
      fc.property(contents, fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1 }), (wanted, steps) => {
        const stream = Buffer.concat(wanted.map(framed));
        const cutter = frameCutter(10_000);
        const got: Buffer[] = [];
        for (let at = 0, step = 0; at < stream.length; step += 1) {
          const length = steps[step % steps.length] ?? 1;
          for (const frame of cutFrames(cutter, stream.subarray(at, at + length))) {
            got.push(Buffer.from(frame.buffer));
            frame.release();
          }
          at += length;
        }
        expect(got).toEqual(wanted.map((content) => Buffer.from(content)));
      }),
    );
  });

  test.each([-1, 0, 7, 1001, 2 ** 31 - 1])('a frame of %i bytes is refused', (size) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(size);
    expect(() => cutFrames(frameCutter(1000, 8), bytes)).toThrow(MalformedRequest);
  });
});
