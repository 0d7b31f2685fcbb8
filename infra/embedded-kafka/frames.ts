import { borrowBuffer, type PooledBuffer } from './log/buffer-pool.ts';
import { MalformedRequest } from './protocol/reader.ts';

/** One request as it came, without its size; `release` gives its memory back. */
export type Frame = PooledBuffer;

/** Cuts a stream of bytes into frames, each announced by its size in four bytes. */
export type FrameCutter = {
  minFrameBytes: number;
  maxFrameBytes: number;
  readonly sizeBytes: Buffer;
  sizeBytesRead: number;
  current: Frame | null;
  filled: number;
};

export const frameCutter = (maxFrameBytes: number, minFrameBytes = 0): FrameCutter => ({
  minFrameBytes,
  maxFrameBytes,
  sizeBytes: Buffer.alloc(4),
  sizeBytesRead: 0,
  current: null,
  filled: 0,
});

/** The frames that `chunk` completes. Throws MalformedRequest when a size is impossible or over the limit. */
export function cutFrames(cutter: FrameCutter, chunk: Buffer): Frame[] {
  const frames: Frame[] = [];
  let at = 0;
  while (at < chunk.length) {
    if (cutter.current === null) {
      at += readSize(cutter, chunk, at);
    } else {
      const copied = chunk.copy(cutter.current.buffer, cutter.filled, at);
      cutter.filled += copied;
      at += copied;
    }
    if (cutter.current !== null && cutter.filled === cutter.current.buffer.length) {
      frames.push(cutter.current);
      cutter.current = null;
      cutter.filled = 0;
    }
  }
  return frames;
}

/** Takes up to four bytes of a size; with the fourth, the frame's memory is borrowed. Returns how many were taken. */
function readSize(cutter: FrameCutter, chunk: Buffer, at: number): number {
  const taken = chunk.copy(cutter.sizeBytes, cutter.sizeBytesRead, at, at + 4 - cutter.sizeBytesRead);
  cutter.sizeBytesRead += taken;
  if (cutter.sizeBytesRead < 4) return taken;
  cutter.sizeBytesRead = 0;
  const size = cutter.sizeBytes.readInt32BE(0);
  if (size < cutter.minFrameBytes || size > cutter.maxFrameBytes) {
    throw new MalformedRequest(
      `a frame announces ${size} bytes, ${cutter.minFrameBytes} to ${cutter.maxFrameBytes} are accepted`,
    );
  }
  cutter.current = borrowBuffer(size);
  return taken;
}

/** True when a frame has begun to arrive and is not whole yet. */
export const isInFrame = ({ current, sizeBytesRead }: FrameCutter): boolean => current !== null || sizeBytesRead > 0;

/** Gives back the memory of a frame that will not be completed. */
export function discardPartialFrame(cutter: FrameCutter): void {
  cutter.current?.release();
  cutter.current = null;
}
