/**
 * Memory that is reused instead of being left to the garbage collector, so that the process stays flat while
 * gigabytes flow through it. Buffers come in powers of two; what a class has kept is bounded.
 */
export type PooledBuffer = { readonly buffer: Buffer; readonly release: () => void };

const smallestClass = 12; // 4 KiB: below that, Node's own slab is as good
const largestClass = 25; // 32 MiB
const keptBytesPerClass = 8 * 1024 * 1024;

const kept = new Map<number, Buffer[]>();

/** A buffer of exactly `size` bytes with whatever content; `release` gives its memory back, once. */
export function borrowBuffer(size: number): PooledBuffer {
  const sizeClass = Math.max(smallestClass, Math.ceil(Math.log2(Math.max(1, size))));
  if (size < 2 ** (smallestClass - 1) || sizeClass > largestClass) {
    return { buffer: Buffer.allocUnsafe(size), release: () => undefined };
  }
  const memory = kept.get(sizeClass)?.pop() ?? Buffer.allocUnsafeSlow(2 ** sizeClass);
  let lent = true;
  return {
    buffer: memory.subarray(0, size),
    release() {
      if (lent) keep(sizeClass, memory);
      lent = false;
    },
  };
}

function keep(sizeClass: number, memory: Buffer): void {
  const buffers = kept.get(sizeClass) ?? [];
  kept.set(sizeClass, buffers);
  // One buffer of a class is always worth keeping: the next request of that size is the likeliest one.
  if (buffers.length === 0 || (buffers.length + 1) * memory.length <= keptBytesPerClass) buffers.push(memory);
}
