import { z } from 'zod';
import {
  choices,
  defineContract,
  event,
  exampleId,
  id,
  line,
  operation,
  page,
  pageQuery,
  timestamp,
} from '../../../../../microservices/chassis/contract/index.ts';

export const giftNoteId = id('gno');
const customerId = id('cus');

export const giftNoteState = choices({
  draft: 'Can still be changed or sent',
  sent: 'On its way',
  expired: 'Was not sent in time',
}).describe('How far it has come');
export type GiftNoteState = z.infer<typeof giftNoteState>;

export const giftNote = z
  .object({
    id: giftNoteId,
    customerId,
    message: line(500),
    state: giftNoteState,
    expiresAt: timestamp.describe('When a draft expires'),
    createdAt: timestamp,
  })
  .meta({ id: 'GiftNote', title: 'Gift note' });
export type GiftNote = z.infer<typeof giftNote>;

const read = { scope: 'gifting:read' };
const write = { scope: 'gifting:write' };
const notFound = { status: 404, title: 'Gift note not found', data: z.object({ giftNoteId }) } as const;
const illegalState = {
  status: 409,
  title: 'Not allowed in this state',
  data: z.object({ state: z.string(), allowed: z.array(z.string()) }),
} as const;

/** Gift notes of customers: drafts that are sent in time or expire. */
export const giftingContract = defineContract({
  domain: 'gifting',
  title: 'Gifting',
  noun: 'Gift note',
  description:
    'Gift notes of customers. A gift note is a draft until it is sent; a draft that is not sent in time expires.',
  version: 1,
  personalData: true,
  operations: {
    createGiftNote: operation({
      method: 'POST',
      path: '/gift-notes',
      title: 'Create gift note',
      description: 'Creates a gift note as a draft.',
      access: write,
      input: z.object({ customerId, message: line(500).describe('At most 500 characters') }),
      output: giftNote,
      successStatus: 201,
    }),
    sendGiftNote: operation({
      method: 'POST',
      path: '/gift-notes/{giftNoteId}/send',
      title: 'Send gift note',
      description: 'Sends a draft. A gift note that was sent before is returned unchanged.',
      access: write,
      input: z.object({ giftNoteId }),
      output: giftNote,
      errors: { GIFT_NOTE_NOT_FOUND: notFound, ILLEGAL_STATE: illegalState },
    }),
    getGiftNote: operation({
      method: 'GET',
      path: '/gift-notes/{giftNoteId}',
      title: 'Get gift note',
      description: 'One gift note by its id.',
      access: read,
      input: z.object({ giftNoteId }),
      output: giftNote,
      errors: { GIFT_NOTE_NOT_FOUND: notFound },
    }),
    listGiftNotes: operation({
      method: 'GET',
      path: '/gift-notes',
      title: 'List gift notes',
      description: 'Gift notes, newest first.',
      access: read,
      input: z.object({ customerId: customerId.optional(), state: giftNoteState.optional(), ...pageQuery }),
      output: page(giftNote),
    }),
  },
  // Events live long: no message and nothing else that a person wrote.
  events: {
    'gift_note.sent': event({
      title: 'Gift note sent',
      description: 'A draft was sent.',
      aggregate: 'gift_note',
      payload: z.object({ giftNoteId, customerId }),
      example: { giftNoteId: exampleId('gno'), customerId: exampleId('cus') },
    }),
    'gift_note.expired': event({
      title: 'Gift note expired',
      description: 'A draft was not sent in time.',
      aggregate: 'gift_note',
      payload: z.object({ giftNoteId, customerId }),
      example: { giftNoteId: exampleId('gno'), customerId: exampleId('cus') },
    }),
  },
});
