import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  deleteObject,
  entryOf,
  fileOf,
  HEADER_BYTES,
  readHeader,
  unlessAbsent,
  writeObject,
  type Entry,
} from './files.ts';
import { checkContentType, checkExpiry, checkLimit, checkObjectKey, DEFAULT_MAX_BYTES } from '../keys.ts';
import { checkFolders } from '../folders.ts';
import type { ObjectInfo, ObjectStore } from '../port.ts';
import { checkSigningKey, isSignedBy, signGrant, type Grant } from './signing.ts';

export interface DiskObjectStoreOptions {
  /** Where objects live; made when missing. One folder for all processes of a platform. */
  directory: string;
  /** At least 32 random bytes, the same in every process. */
  signingKey: string | Buffer;
  /** Where `objectRoutes` answers, for signed URLs: http://127.0.0.1:3000; a function when it is known later. */
  publicUrl: string | (() => string);
  /** The largest object; 5 GiB unless said otherwise, S3's limit for a single put. */
  maxBytes?: number;
  now?: () => Date;
}

/** The disk adapter: the port, and what `objectRoutes` needs to serve its signed URLs. */
export interface DiskObjectStore extends ObjectStore {
  readonly maxBytes: number;
  /** Why a signed URL does not allow this, or undefined when it does. */
  refusal(grant: Grant, signature: string): 'forged' | 'expired' | undefined;
  /** Like get, but only the bytes from `start` to `end`, both included. */
  getRange(
    key: string,
    range: (info: ObjectInfo) => { start: number; end: number } | undefined,
  ): Promise<OpenObject | undefined>;
}

export interface OpenObject {
  info: ObjectInfo;
  body: Readable;
}

const STALE_DRAFT_MS = 86_400_000;

/** Opens the ObjectStore port on a folder. Drafts that a crash left behind more than a day ago are deleted. */
export const openDiskObjectStore = async (options: DiskObjectStoreOptions): Promise<DiskObjectStore> => {
  checkSigningKey(options.signingKey);
  const directory = join(options.directory, 'objects');
  const temporary = join(options.directory, 'drafts');
  const { maxBytes = DEFAULT_MAX_BYTES, now = () => new Date(), signingKey } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  await deleteStaleDrafts(temporary, now());

  const getRange: DiskObjectStore['getRange'] = (key, range) =>
    withObject(directory, key, async (handle, info) => {
      const wanted = range(info);
      // Without a wanted range nothing is read: the stream is empty and closes the file.
      const start = HEADER_BYTES + (wanted?.start ?? info.size);
      const end = HEADER_BYTES + (wanted?.end ?? info.size - 1);
      return { info, body: start > end ? await emptyBody(handle) : handle.createReadStream({ start, end }) };
    });

  const checkNeighbours = (key: string): Promise<void> =>
    checkFolders(key, {
      exists: async (folder) => (await statFile(fileOf(directory, folder))) !== undefined,
      firstUnder: async (prefix) => {
        for await (const { key: under } of walk(directory, '', prefix, '')) return under;
        return undefined;
      },
    });

  return {
    maxBytes,
    getRange,
    put: async (key, body, { contentType }) => {
      checkObjectKey(key);
      checkContentType(contentType);
      await checkNeighbours(key);
      return writeObject({ directory, temporary, key, body, contentType, maxBytes, now: now() });
    },
    get: (key) => getRange(key, ({ size }) => ({ start: 0, end: size - 1 })),
    stat: (key) =>
      withObject(directory, key, async (handle, info) => {
        await handle.close();
        return info;
      }),
    delete: async (key) => {
      checkObjectKey(key);
      await deleteObject(directory, key);
    },
    list: async (prefix, { limit, after = '' }) => {
      checkLimit(limit);
      const found: ObjectInfo[] = [];
      for await (const info of walk(directory, '', prefix, after)) {
        found.push(info);
        if (found.length === limit) break;
      }
      return found;
    },
    presign: async (method, key, { expiresInSeconds, contentType }) => {
      checkObjectKey(key);
      checkExpiry(expiresInSeconds);
      const grant = {
        method,
        key,
        expires: Math.floor(now().getTime() / 1_000) + expiresInSeconds,
        contentType: method === 'PUT' ? (contentType ?? 'application/octet-stream') : '',
      };
      if (method === 'PUT') {
        checkContentType(grant.contentType);
        await checkNeighbours(key);
      }
      return signedUrl(options.publicUrl, grant, signGrant(signingKey, grant));
    },
    refusal: (grant, signature) => {
      if (!isSignedBy(signingKey, grant, signature)) return 'forged';
      return grant.expires * 1_000 <= now().getTime() ? 'expired' : undefined;
    },
  };
};

const deleteStaleDrafts = async (temporary: string, now: Date): Promise<void> => {
  for (const name of await readdir(temporary)) {
    const file = join(temporary, name);
    const found = await stat(file).catch(() => undefined);
    if (found && now.getTime() - found.mtimeMs > STALE_DRAFT_MS) await rm(file, { force: true });
  }
};

/**
 * Opens an object; the open file stays what it is, whoever replaces or deletes the object meanwhile. `use` closes it.
 */
const withObject = async <T>(
  directory: string,
  key: string,
  use: (handle: FileHandle, info: ObjectInfo) => Promise<T>,
): Promise<T | undefined> => {
  checkObjectKey(key);
  const file = fileOf(directory, key);
  const handle = await unlessAbsent(open(file, 'r'));
  if (!handle) return undefined;
  try {
    return await use(handle, await readHeader(handle, file));
  } catch (error) {
    await handle.close();
    throw error;
  }
};

const emptyBody = async (handle: FileHandle): Promise<Readable> => {
  await handle.close();
  return Readable.from([]);
};

/** Objects in key order, skipping the folders that neither the prefix nor `after` can reach. */
async function* walk(folder: string, parentKey: string, prefix: string, after: string): AsyncGenerator<ObjectInfo> {
  const names = (await unlessAbsent(readdir(folder))) ?? [];
  const entries = names.map((name) => entryOf(parentKey, name)).filter((entry) => entry !== undefined);
  for (const entry of entries.toSorted(byKey)) {
    const file = join(folder, entry.file);
    if (entry.kind === 'folder') {
      const mayHold = entry.key.startsWith(prefix) || prefix.startsWith(entry.key);
      const isPast = after > entry.key && !after.startsWith(entry.key);
      if (mayHold && !isPast) yield* walk(file, entry.key, prefix, after);
    } else if (entry.key.startsWith(prefix) && entry.key > after) {
      const info = await statFile(file);
      if (info) yield info;
    }
  }
}

const byKey = (left: Entry, right: Entry): number => (left.key < right.key ? -1 : 1);

const statFile = async (file: string): Promise<ObjectInfo | undefined> => {
  const handle = await unlessAbsent(open(file, 'r'));
  try {
    return handle && (await readHeader(handle, file));
  } finally {
    await handle?.close();
  }
};

const signedUrl = (
  publicUrl: string | (() => string),
  { key, expires, contentType }: Grant,
  signature: string,
): string => {
  const base = (typeof publicUrl === 'function' ? publicUrl() : publicUrl).replace(/\/$/, '');
  const query = new URLSearchParams({
    expires: String(expires),
    ...(contentType ? { type: contentType } : {}),
    signature,
  });
  return `${base}/objects/${key.split('/').map(encodeURIComponent).join('/')}?${query.toString()}`;
};
