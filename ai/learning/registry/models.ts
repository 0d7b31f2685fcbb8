import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import type { ObjectStore } from '../../../microservices/ports/object-store/port.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal');

const modelRecord = z.object({
  /** The name of what it decides, such as `fraud`. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, 'a name of small letters, digits and hyphens'),
  /** SHA-256 of the rows that it was trained on. */
  dataHash: hash,
  /** The version of the code that trained it. */
  codeVersion: z.string().min(1).max(200),
  /** The inputs that it takes, in order. */
  schema: z.array(z.string()).max(10_000),
  /** Numbers of its evaluation, on data that it did not see. */
  metrics: z.record(z.string(), z.number()),
  /** Scores of its evaluation, to notice later that scores move. */
  provenScores: z.array(z.number()).max(10_000),
  trainedAt: z.iso.datetime(),
  /** The model itself, as plain data. */
  artifact: z.json(),
});

/** A model with all that is known of it. It never changes: another model has another id. */
export type ModelRecord = z.infer<typeof modelRecord>;

export interface StoredModel extends ModelRecord {
  /** Hash of everything in the record. */
  id: string;
}

/** Models that were registered, kept as objects. */
export interface Models {
  /** Stores a model and returns its id; the same record has the same id and is stored once. */
  register(record: ModelRecord): Promise<string>;
  /** The model, or undefined when there is none. Throws when what is stored is not what was registered. */
  read(name: string, id: string): Promise<StoredModel | undefined>;
  /** Ids of the models of a name, page by page. */
  list(name: string, options: { limit: number; after?: string }): Promise<string[]>;
}

const keyOf = (name: string, id: string): string => `models/${name}/${id}.json`;

const idOf = (json: string): string => createHash('sha256').update(json).digest('hex');

/** Models in an object store. Registering throws, naming the field, when the record lacks something. */
export const openModels = (objects: ObjectStore): Models => ({
  register: async (record) => {
    const json = JSON.stringify(modelRecord.parse(record));
    const id = idOf(json);
    const key = keyOf(record.name, id);
    if (!(await objects.stat(key))) await objects.put(key, Buffer.from(json), { contentType: 'application/json' });
    return id;
  },
  read: async (name, id) => {
    const found = await objects.get(keyOf(name, id));
    if (!found) return undefined;
    const json = (await buffer(found.body)).toString();
    if (idOf(json) !== id)
      throw new Error(`Model ${id} of "${name}" was changed after it was registered. Register it again.`);
    return { id, ...modelRecord.parse(JSON.parse(json)) };
  },
  list: async (name, { limit, after }) => {
    const prefix = `models/${name}/`;
    const page = await objects.list(prefix, { limit, ...(after && { after: keyOf(name, after) }) });
    return page.map(({ key }) => key.slice(prefix.length, -'.json'.length));
  },
});
