import type { Readable } from 'node:stream';

export interface ObjectInfo {
  key: string;
  size: number;
  contentType: string;
  /** Hexadecimal SHA-256 of the bytes. */
  sha256: string;
  lastModified: string;
}

/**
 * Bytes by key: media, imports, exports. S3 (MinIO and its kin) at scale, a folder on disk embedded; both pass the same
 * tests.
 */
export interface ObjectStore {
  /**
   * Stores a stream whole or not at all. Keys are paths of printable characters, no `..`; none may be the folder of
   * another (`a` beside `a/b`).
   */
  put(key: string, body: Readable | Buffer, options: { contentType: string }): Promise<ObjectInfo>;
  /**
   * The object and its bytes as a stream, or undefined when absent. A stream of other bytes than were stored ends with
   * an error.
   */
  get(key: string): Promise<{ info: ObjectInfo; body: Readable } | undefined>;
  stat(key: string): Promise<ObjectInfo | undefined>;
  delete(key: string): Promise<void>;
  /** Objects whose key begins with `prefix`, in key order, page by page. */
  list(prefix: string, options: { limit: number; after?: string }): Promise<ObjectInfo[]>;
  /** A URL that lets its holder GET or PUT this one object until it runs out, without any other credential. */
  presign(
    method: 'GET' | 'PUT',
    key: string,
    options: { expiresInSeconds: number; contentType?: string },
  ): Promise<string>;
}
