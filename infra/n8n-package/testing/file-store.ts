import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { IBinaryData } from 'n8n-workflow';

/** Files of items on disk, with the helpers by which nodes reach them, as n8n has them in its file-system mode. */
export interface FileStore {
  prepareBinaryData(content: Buffer | Readable, fileName?: string, mimeType?: string): Promise<IBinaryData>;
  getBinaryStream(id: string): Promise<Readable>;
  getBinaryMetadata(id: string): Promise<{ fileSize: number }>;
}

/** A store in a folder of its own, and how to remove it. */
export const createFileStore = async (): Promise<FileStore & { remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'fusioncommerce-files-'));
  let files = 0;
  const place = (id: string): string => join(folder, id);
  return {
    prepareBinaryData: async (content, fileName, mimeType = 'application/octet-stream') => {
      const id = `file-${(files += 1)}`;
      await pipeline(Buffer.isBuffer(content) ? Readable.from([content]) : content, createWriteStream(place(id)));
      const { size } = await stat(place(id));
      return { id, data: 'filesystem-v2', mimeType, ...(fileName && { fileName }), bytes: size };
    },
    getBinaryStream: async (id) => createReadStream(place(id)),
    getBinaryMetadata: async (id) => ({ fileSize: (await stat(place(id))).size }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
