import { readFile } from 'node:fs/promises';

/** The code of an error of the operating system, such as ENOENT; undefined for any other error. */
export function systemErrorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/**
 * A file's content, null when there is no such file. Any other failure is thrown: it must not look like an empty file.
 */
export async function readIfExists(path: string): Promise<Buffer | null> {
  return readFile(path).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  });
}
