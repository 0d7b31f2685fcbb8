import { Problem } from '../../chassis/problem.ts';

export interface Neighbours {
  /** True when there is an object of exactly this key. */
  exists: (key: string) => Promise<boolean>;
  /** The key of some object that begins with this. */
  firstUnder: (prefix: string) => Promise<string | undefined>;
}

/**
 * Throws OBJECT_KEY_TAKEN when another object is where this one's folders are, or in a folder of its name. S3 itself
 * would hold both; but servers that keep objects as files refuse the second (Versity's) or leave it out of their lists
 * (MinIO), so no adapter takes it. Two that come at the same moment may both pass.
 */
export const checkFolders = async (key: string, { exists, firstUnder }: Neighbours): Promise<void> => {
  const parts = key.split('/');
  const folders = parts.slice(1).map((_part, i) => parts.slice(0, i + 1).join('/'));
  const [under, ...above] = await Promise.all([
    firstUnder(`${key}/`),
    ...folders.map(async (folder) => ((await exists(folder)) ? folder : undefined)),
  ]);
  const taken = under ?? above.find((folder) => folder !== undefined);
  if (taken !== undefined) throw keyTaken(key, taken);
};

export const keyTaken = (key: string, other?: string): Problem =>
  new Problem({
    code: 'OBJECT_KEY_TAKEN',
    status: 409,
    title: 'Object key taken',
    detail: `${key} cannot be an object beside ${other ?? 'another'}: one key would be both an object and a folder. Choose another key, or delete the other object.`,
  });
