import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { createChecker, type Break, type Checker, type Place } from '../../microservices/audit/policy.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const place = z.strictObject({ position: z.int().min(0), hash });
const text = z.string().nullable();

const first = z.strictObject({ start: place });
const last = z.strictObject({ end: place });
const entry = z.strictObject({
  ...{ position: z.int(), id: z.string(), at: z.string(), recordedAt: z.string(), recordedBy: z.string() },
  ...{ operation: z.string(), caller: z.string(), name: text, guest: z.boolean(), resource: text, workflowId: text },
  ...{ executionId: text, node: text, refusal: text, correlationId: z.string(), address: text, userAgent: text },
  ...{ salt: text, personalDigest: text, hash },
});

/** A file that is no export of the audit trail, or not the whole of one. */
export class NoExport extends Error {}

export interface FileVerified {
  entries: number;
  start: Place;
  end: Place;
  broken: Break | undefined;
}

/**
 * Checks an export of the audit trail by itself: every hash, and the anchors that somebody kept. Throws NoExport for a
 * file that cannot be read as one, or that breaks off.
 */
export const verifyFile = async (file: string, anchors: ReadonlyMap<number, string>): Promise<FileVerified> => {
  let checker: Checker | undefined;
  let found: Omit<FileVerified, 'end' | 'broken'> | undefined;
  let number = 0;
  for await (const content of createInterface({ input: createReadStream(file) })) {
    number += 1;
    const value = parse(content, number);
    if (!checker || !found) {
      const { start } = read(first, value, number, 'where the trail begins');
      checker = createChecker(start, anchors);
      found = { entries: 0, start };
      continue;
    }
    const ending = last.safeParse(value).data;
    if (ending) return { ...found, end: ending.end, broken: checker.end(ending.end) };
    const next = read(entry, value, number, 'an entry');
    const broken = checker.check(next);
    if (broken) return { ...found, end: next, broken };
    found = { ...found, entries: found.entries + 1 };
  }
  throw new NoExport(
    `The file ends with line ${number} and does not say where the trail ends, so it is not whole. Export it again.`,
  );
};

const parse = (content: string, number: number): unknown => {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    throw new NoExport(`Line ${number} is not JSON. Give a file from GET /v1/audit/export.`);
  }
};

const read = <Read>(schema: z.ZodType<Read>, value: unknown, number: number, what: string): Read => {
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  throw new NoExport(`Line ${number} is not ${what}. Give a file from GET /v1/audit/export.`);
};
