import { z } from 'zod';
import { readCursor, toPage } from '../chassis/cursor.ts';
import { command } from '../chassis/http/command.ts';
import type { Context, Handlers } from './context.ts';
import { anchorAt } from './service/check.ts';
import { titlesOf, toShown } from './service/entries.ts';
import { exportedLines } from './service/export.ts';
import { recordLines } from './service/record.ts';
import { verify } from './service/verify.ts';
import { listAnchors } from './store/anchors.ts';
import { findEntry, listEntries } from './store/search.ts';
import { lockTrail } from './store/trail.ts';

const numbered = z.tuple([z.int().min(0)]);

/** Every operation of the domain. */
export const handlers = (context: Context): Handlers => {
  const { database, contracts, now } = context;
  const shown = toShown(titlesOf(contracts));
  return {
    listEntries: async ({ cursor, ...filter }) => {
      const before = readCursor(cursor, numbered)?.[0];
      return toPage(await listEntries(database, filter, before), filter.limit, ({ position }) => [position], shown);
    },

    getEntry: async ({ entryId }, { errors }) => {
      const found = await findEntry(database, entryId);
      if (found) return shown(found);
      throw errors.AUDIT_ENTRY_NOT_FOUND(
        `There is no audit entry ${entryId}. List the entries to find the right identifier; old ones are dropped.`,
        { entryId },
      );
    },

    exportTrail: async () => exportedLines(context),

    verifyTrail: async () => {
      const { broken, ...rest } = await verify(database);
      const firstBroken = broken ? { position: broken.position, entryId: broken.id, reason: broken.reason } : null;
      return { ...rest, whole: !broken, firstBroken };
    },

    anchorTrail: command(async (tx, _input, { errors }) => {
      const trail = await lockTrail(tx);
      const { position } = trail.head;
      if (position === 0)
        throw errors.AUDIT_TRAIL_EMPTY(
          'There is nothing to anchor yet. Change something first, then wait two seconds.',
        );
      const [standing] = await listAnchors(tx, 1, position + 1);
      return standing?.position === position ? standing : ((await anchorAt(tx, trail, now())) ?? standing ?? never());
    }),

    listAnchors: async ({ cursor, limit }) => {
      const before = readCursor(cursor, numbered)?.[0];
      return toPage(await listAnchors(database, limit, before), limit, ({ position }) => [position]);
    },

    recordEntries: command(async (tx, { entries }, { caller }) => ({
      recorded: await recordLines(tx, entries, caller, now()),
    })),
  };
};

const never = (): never => {
  throw new Error('the trail is locked, so nobody else can have anchored it');
};
