import type { Context, Tx } from '../context.ts';
import { dropName, OWN } from '../policy.ts';
import { insertAnchor, lastAnchorBefore, type Anchor } from '../store/anchors.ts';
import { deleteDropped, lockTrail, moveStart, noteCheck, readTrail, type Trail } from '../store/trail.ts';
import { appendOwn } from './record.ts';
import { verify } from './verify.ts';

const DAY_MS = 86_400_000;
const BATCH = 2_000;

/** Anchors the trail at its head; undefined when it was anchored there before. */
export const anchorAt = async (tx: Tx, { head }: Trail, now: Date): Promise<Anchor | undefined> => {
  const anchored = await insertAnchor(tx, head, now);
  if (anchored) tx.append('audit.anchored', 'trail', head);
  return anchored;
};

/** Verifies and anchors the trail when that is due, and tells of a break once. */
export const checkWhenDue = async (context: Context): Promise<void> => {
  const { database, now, settings } = context;
  const { checkedAt, head } = await readTrail(database);
  const isDue = checkedAt === null || now().getTime() - Date.parse(checkedAt) >= settings.checkIntervalMs;
  if (!isDue || head.position === 0) return;
  const { broken } = await verify(database);
  if (broken) context.log.error({ broken }, 'the audit trail is broken');
  await context.commit(async (tx) => {
    const trail = await lockTrail(tx);
    await noteCheck(tx, now(), broken);
    if (!broken) await anchorAt(tx, trail, now());
    else if (trail.broken?.position !== broken.position || trail.broken.reason !== broken.reason)
      tx.append('audit.broken', 'trail', {
        position: broken.position,
        entryId: broken.id,
        reason: broken.reason,
      });
  });
};

/**
 * Moves the beginning of the trail behind the last anchor that is old enough, and deletes some of what lies before it.
 * True when there is more to delete. A broken trail is left as it is.
 */
export const dropOld = async (context: Context): Promise<boolean> => {
  const { database, now, settings } = context;
  const cutoff = new Date(now().getTime() - settings.keepDays * DAY_MS);
  const anchor = await lastAnchorBefore(database, cutoff);
  const { broken, start } = await readTrail(database);
  if (broken) return false;
  if (anchor && anchor.position > start.position)
    await context.commit(async (tx) => {
      const { head } = await lockTrail(tx);
      const dropped = { operation: OWN.dropped, resource: dropName(anchor), correlationId: 'audit-retention' };
      await appendOwn(tx, head, [dropped], now());
      await moveStart(tx, anchor);
    });
  return deleteDropped(database, BATCH);
};
