import { open, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dependency } from '../../microservices/gateway/health.ts';

/** PostgreSQL takes 16 MB at a time for its log and stops when it does not get them. */
const NEEDED_BYTES = 64 * 1024 * 1024;

const PROBE = Buffer.alloc(4_096);

/**
 * The disk of a folder that state lives in, as something to be ready: some room, and a small file that can be written
 * through to it.
 */
export const writableDisk = (folder: string, needed: number = NEEDED_BYTES): Dependency => ({
  name: 'disk',
  check: async () => {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < needed)
      throw new Error(`${folder} has ${Math.floor((bavail * bsize) / 1024 ** 2)} MB left: make room`);
    const file = join(folder, `.probe-${process.pid}`);
    const probe = await open(file, 'w');
    try {
      await probe.write(PROBE);
      await probe.sync();
    } finally {
      await probe.close();
      await unlink(file);
    }
  },
});
