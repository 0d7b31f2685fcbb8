import { readIfExists } from '../log/read-if-exists.ts';
import { writeWhole } from '../log/write-whole.ts';

/** Hands out producer ids. Ids are reserved on disk a block at a time, so that none is ever given twice. */
export type ProducerIds = { readonly path: string; next: number; reservedUpTo: number; reserving: Promise<void> };

const blockSize = 1000;

export async function openProducerIds(path: string): Promise<ProducerIds> {
  const text = (await readIfExists(path))?.toString() ?? '1';
  const next = Number(text);
  if (!/^\d{1,15}$/.test(text)) {
    throw new Error(`${path} holds "${text}", a whole number was expected: restore it from a backup`);
  }
  return { path, next, reservedUpTo: next, reserving: Promise.resolve() };
}

export async function nextProducerId(ids: ProducerIds): Promise<number> {
  while (ids.next >= ids.reservedUpTo) {
    const reserving = ids.reserving.then(() => reserveBlock(ids));
    ids.reserving = reserving.catch(() => undefined);
    await reserving;
  }
  const id = ids.next;
  ids.next += 1;
  return id;
}

async function reserveBlock(ids: ProducerIds): Promise<void> {
  if (ids.next < ids.reservedUpTo) return;
  const upTo = ids.reservedUpTo + blockSize;
  await writeWhole(ids.path, String(upTo));
  ids.reservedUpTo = upTo;
}
