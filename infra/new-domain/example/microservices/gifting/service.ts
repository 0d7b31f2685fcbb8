import { z } from 'zod';
import { readCursor, toPage } from '../../../../../microservices/chassis/cursor.ts';
import { command } from '../../../../../microservices/chassis/http/command.ts';
import { newId } from '../../../../../microservices/chassis/ids.ts';
import { illegalMove } from '../../../../../microservices/chassis/state-machine.ts';
import type { Context, Failures, Handlers, Tx } from './context.ts';
import { giftNoteId, type GiftNote } from './contract.ts';
import { expiryOf, giftNoteStates } from './policy.ts';
import { expireDrafts, findGiftNote, insertGiftNote, listGiftNotes, sendDraft } from './store.ts';

/** Every operation of the domain. */
export const handlers = ({ database, settings, now }: Context): Handlers => ({
  createGiftNote: command(async (tx, input) => {
    const createdAt = now();
    const expiresAt = expiryOf(createdAt, settings.draftDays);
    return insertGiftNote(tx, { ...input, id: newId('gno'), createdAt, expiresAt });
  }),

  sendGiftNote: command(async (tx, input, { errors }) => {
    const sent = await sendDraft(tx, input.giftNoteId);
    if (sent) {
      tx.append('gift_note.sent', sent.id, aboutGiftNote(sent));
      return sent;
    }
    const standing = found(await findGiftNote(tx, input.giftNoteId), input.giftNoteId, errors);
    if (standing.state === 'sent') return standing;
    const named = { name: `Gift note ${standing.id}`, state: standing.state };
    throw errors.ILLEGAL_STATE(...illegalMove(giftNoteStates, named, 'send'));
  }),

  getGiftNote: async (input, { errors }) =>
    found(await findGiftNote(database, input.giftNoteId), input.giftNoteId, errors),

  listGiftNotes: async ({ cursor, ...filter }) => {
    const before = readCursor(cursor, z.tuple([giftNoteId]));
    return toPage(await listGiftNotes(database, filter, before?.[0]), filter.limit, (row) => [row.id]);
  },
});

const found = (row: GiftNote | undefined, id: string, errors: Failures<'getGiftNote'>): GiftNote => {
  if (!row)
    throw errors.GIFT_NOTE_NOT_FOUND(`There is no gift note ${id}. List the gift notes to find the right id.`, {
      giftNoteId: id,
    });
  return row;
};

/** The part that all events about a gift note share. */
const aboutGiftNote = ({ id, customerId }: GiftNote) => ({ giftNoteId: id, customerId });

const EXPIRY_BATCH = 100;

/** Expires a batch of drafts whose time is up; true when there may be more. */
export const expireBatch = async (tx: Tx, at: Date): Promise<boolean> => {
  const expired = await expireDrafts(tx, at, EXPIRY_BATCH);
  for (const one of expired) tx.append('gift_note.expired', one.id, aboutGiftNote(one));
  return expired.length === EXPIRY_BATCH;
};
