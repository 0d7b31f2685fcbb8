import { createHash, randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { tooLarge } from '../keys.ts';

/**
 * An object's bytes before anything of them is sent: their number and hash are known, and they can be read part by
 * part.
 */
export interface Draft {
  size: number;
  sha256: string;
  /**
   * Parts of the size asked for, the last one shorter. A part's memory is that of the next: use it before taking
   * another.
   */
  parts(): AsyncIterable<Buffer>;
  discard(): Promise<void>;
}

/**
 * Takes a body in whole. What fits into one part stays in memory; of more, the rest of the time, the machine's
 * temporary folder holds it: S3 wants an object's metadata, its hash among them, before its bytes, and a source that
 * breaks has then sent nothing. Throws OBJECT_TOO_LARGE, or whatever the source throws.
 */
export const draftOf = async (
  body: Readable | Buffer,
  { partBytes, maxBytes }: { partBytes: number; maxBytes: number },
): Promise<Draft> => {
  if (Buffer.isBuffer(body)) return inMemory(body, partBytes, maxBytes);
  const hash = createHash('sha256');
  let held: Buffer[] = [];
  let file: FileHandle | undefined;
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer | string>) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
      size += bytes.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      hash.update(bytes);
      held.push(bytes);
      if (size <= partBytes) continue;
      file ??= await openNameless();
      await file.appendFile(Buffer.concat(held));
      held = [];
    }
  } catch (error) {
    await file?.close();
    throw error;
  }
  const sha256 = hash.digest('hex');
  if (!file) return { ...inMemory(Buffer.concat(held), partBytes, maxBytes), sha256 };
  const handle = file;
  return { size, sha256, parts: () => partsOf(handle, size, partBytes), discard: () => handle.close() };
};

const inMemory = (bytes: Buffer, partBytes: number, maxBytes: number): Draft => {
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  return {
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    parts: async function* () {
      for (let start = 0; start < bytes.length; start += partBytes) yield bytes.subarray(start, start + partBytes);
    },
    discard: async () => undefined,
  };
};

/** Without a name from the beginning, so that not even a crash leaves it behind. */
const openNameless = async (): Promise<FileHandle> => {
  const name = join(tmpdir(), `fusioncommerce-object-${randomUUID()}`);
  const handle = await open(name, 'wx+', 0o600);
  await unlink(name);
  return handle;
};

async function* partsOf(file: FileHandle, size: number, partBytes: number): AsyncGenerator<Buffer> {
  const memory = Buffer.allocUnsafe(partBytes);
  for (let start = 0; start < size; start += partBytes) {
    const wanted = Math.min(partBytes, size - start);
    for (let read = 0; read < wanted;) {
      const { bytesRead } = await file.read(memory, read, wanted - read, start + read);
      if (bytesRead === 0) throw new Error(`A draft of ${size} bytes ends at ${start + read}: is the disk full?`);
      read += bytesRead;
    }
    yield memory.subarray(0, wanted);
  }
}
