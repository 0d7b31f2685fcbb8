import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { tooLarge } from '../keys.ts';
import type { ObjectInfo } from '../port.ts';

/**
 * An object is one file: a header of fixed size (its ObjectInfo as JSON, padded with spaces) and then the bytes. So one
 * rename puts bytes and description in place together, and nobody ever sees one without the other.
 */
export const HEADER_BYTES = 2_048;

const OBJECT_SUFFIX = '.o';
const FOLDER_SUFFIX = '.d';

/**
 * A name on disk for one part of a key. Only lower-case letters, digits, `-` and `_` stand for themselves: file systems
 * that fold case (macOS) keep A and a apart, and no part of a key can mean a path. The suffix lets the object `a` and
 * the folder of `a/b` live side by side.
 */
const encodeSegment = (segment: string): string =>
  segment.replace(/[^a-z0-9_-]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

const decodeSegment = (name: string): string =>
  name.replace(/%([0-9a-f]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** The file of a key, which was checked before. */
export const fileOf = (directory: string, key: string): string => {
  const segments = key.split('/').map(encodeSegment);
  const last = segments.pop() ?? '';
  return join(directory, ...segments.map((segment) => segment + FOLDER_SUFFIX), last + OBJECT_SUFFIX);
};

export type Entry = {
  kind: 'object' | 'folder';
  file: string;
  /** The key so far; a folder's ends with a slash. */ key: string;
};

/** Reads a directory entry back; undefined for what is not ours. Sorting by `key` gives the order of the full keys. */
export const entryOf = (parentKey: string, name: string): Entry | undefined => {
  if (name.endsWith(OBJECT_SUFFIX)) {
    return { kind: 'object', file: name, key: parentKey + decodeSegment(name.slice(0, -OBJECT_SUFFIX.length)) };
  }
  if (name.endsWith(FOLDER_SUFFIX)) {
    return { kind: 'folder', file: name, key: `${parentKey}${decodeSegment(name.slice(0, -FOLDER_SUFFIX.length))}/` };
  }
  return undefined;
};

/** Reads an object's description. Throws when the file is not one of ours. */
export const readHeader = async (handle: FileHandle, file: string): Promise<ObjectInfo> => {
  const header = Buffer.alloc(HEADER_BYTES);
  const { bytesRead } = await handle.read(header, 0, HEADER_BYTES, 0);
  if (bytesRead < HEADER_BYTES)
    throw new Error(`${file} is not a whole object file: restore it from a backup or delete it.`);
  return JSON.parse(header.toString('utf8')) as ObjectInfo;
};

export interface NewObject {
  directory: string;
  temporary: string;
  key: string;
  body: Readable | Buffer;
  contentType: string;
  maxBytes: number;
  now: Date;
}

/**
 * Writes an object beside its place, flushes it to the disk, and renames it there: whole or not at all, through a crash
 * or a power cut. Throws OBJECT_TOO_LARGE, or whatever the stream throws, leaving what was there before.
 */
export const writeObject = async ({
  directory,
  temporary,
  key,
  body,
  contentType,
  maxBytes,
  now,
}: NewObject): Promise<ObjectInfo> => {
  const draft = join(temporary, randomUUID());
  const handle = await open(draft, 'wx', 0o600);
  try {
    const { size, sha256 } = await writeBytes(handle, body, maxBytes);
    const info: ObjectInfo = { key, size, contentType, sha256, lastModified: now.toISOString() };
    await handle.write(Buffer.from(JSON.stringify(info).padEnd(HEADER_BYTES)), 0, HEADER_BYTES, 0);
    await handle.sync();
    await handle.close();
    const place = fileOf(directory, key);
    await putInPlace(draft, place);
    return info;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(draft, { force: true });
    throw error;
  }
};

const MOST_TRIES = 100;

/** Deleting takes empty folders away, perhaps the very one that was just made for this object: then it is made anew. */
const putInPlace = async (draft: string, place: string): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await mkdir(dirname(place), { recursive: true, mode: 0o700 });
      await rename(draft, place);
      break;
    } catch (error) {
      if (!isAbsent(error) || attempt === MOST_TRIES) throw error;
    }
  }
  // Without its folder the object was deleted again already, and there is nothing to flush.
  await unlessAbsent(syncFolder(dirname(place)));
};

/** Deletes an object and the folders that are empty without it. */
export const deleteObject = async (directory: string, key: string): Promise<void> => {
  const file = fileOf(directory, key);
  await rm(file, { force: true });
  for (let folder = dirname(file); folder !== directory; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch (error) {
      // Not empty, most of the time. What cannot be taken away may stay: nobody sees it.
      if (!isAbsent(error)) return;
    }
  }
};

const isAbsent = (error: unknown): boolean => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
};

/** Undefined where the file or folder does not exist (any more). */
export const unlessAbsent = async <T>(reading: Promise<T>): Promise<T | undefined> => {
  try {
    return await reading;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
};

const writeBytes = async (
  handle: FileHandle,
  body: Readable | Buffer,
  maxBytes: number,
): Promise<{ size: number; sha256: string }> => {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of Buffer.isBuffer(body) ? [body] : (body as AsyncIterable<Buffer | string>)) {
    const bytes = Buffer.from(chunk);
    if (size + bytes.length > maxBytes) throw tooLarge(maxBytes);
    hash.update(bytes);
    for (let written = 0; written < bytes.length;) {
      written += (await handle.write(bytes, written, bytes.length - written, HEADER_BYTES + size + written))
        .bytesWritten;
    }
    size += bytes.length;
  }
  return { size, sha256: hash.digest('hex') };
};

/** A rename is only durable once its folder is. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};
