import { createChecker, type Break, type Place } from '../policy.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { anchorsBehind } from '../store/anchors.ts';
import { entriesBehind, lastPosition, readTrail } from '../store/trail.ts';

export interface Verified {
  entries: number;
  start: Place;
  head: Place;
  broken: Break | undefined;
}

const PAGE = 1_000;
/** Entries are added and dropped while others are read: what then looks wrong is read again. */
const MOST_WALKS = 4;

/** Walks the whole trail and returns the first wrong entry, if there is one. */
export const verify = async (database: Queryable): Promise<Verified> => {
  for (let walks = 1; ; walks += 1) {
    const found = await walk(database);
    if (!found.broken || walks === MOST_WALKS) return found;
    const now = await readTrail(database);
    if (now.head.hash === found.head.hash && now.start.hash === found.start.hash) return found;
  }
};

const walk = async (database: Queryable): Promise<Verified> => {
  const { start, head } = await readTrail(database);
  const checker = createChecker(start, await anchorsBehind(database, start.position));
  let position = start.position;
  for (;;) {
    const entries = await entriesBehind(database, position, head.position, PAGE);
    for (const entry of entries) {
      const broken = checker.check(entry);
      if (broken) return { entries: position - start.position, start, head, broken };
      position = entry.position;
    }
    if (entries.length < PAGE) break;
  }
  const broken = checker.end(head) ?? (await entriesTooMany(database, head));
  return { entries: position - start.position, start, head, broken };
};

/** A row behind the head was not recorded by this service, unless the head has moved since. */
const entriesTooMany = async (database: Queryable, head: Place): Promise<Break | undefined> => {
  const last = await lastPosition(database);
  return last > head.position ? { position: head.position + 1, id: null, reason: 'end_differs' } : undefined;
};
