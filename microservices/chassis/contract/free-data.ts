import { z } from 'zod';
import { hasUnstorable } from './text.ts';

interface Bounds {
  /** Of the data as JSON. */
  bytes: number;
  /** How deep lists and objects may stand in each other. */
  levels: number;
}

/**
 * A fault of data, as the end of a sentence that begins with "data"; undefined for none. Walks without recursion: what
 * is nested too deep must not end the walk.
 */
const faultOf = (data: unknown, { bytes, levels }: Bounds): string | undefined => {
  const open: { value: unknown; level: number }[] = [{ value: data, level: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, level } = next;
    if (typeof value === 'string' && hasUnstorable(value))
      return 'contains a NUL character or half of a surrogate pair';
    if (value === null || typeof value !== 'object') continue;
    if (level >= levels) return `can be nested ${levels} levels deep at most`;
    for (const [key, inner] of Object.entries(value))
      open.push({ value: key, level }, { value: inner, level: level + 1 });
  }
  return Buffer.byteLength(JSON.stringify(data)) > bytes
    ? `can be ${bytes} bytes of JSON at most; store large data elsewhere and give its address`
    : undefined;
};

/** A JSON object whose form its sender decides: bounded, and free of what no database stores. */
export const freeData = (bounds: Bounds) =>
  z.record(z.string().max(100), z.unknown()).superRefine((data, context) => {
    const fault = faultOf(data, bounds);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: `data ${fault}` });
  });
