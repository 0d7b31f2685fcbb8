import type { StateTable } from '../../../../../microservices/chassis/state-machine.ts';
import type { GiftNoteState } from './contract.ts';

/** The states of a gift note: from → move → to. */
export const giftNoteStates: StateTable<GiftNoteState, 'send' | 'expire'> = {
  draft: { send: 'sent', expire: 'expired' },
  sent: {},
  expired: {},
};

const DAY_MS = 86_400_000;

/** The moment when a draft of `createdAt` expires. */
export const expiryOf = (createdAt: Date, draftDays: number): Date =>
  new Date(createdAt.getTime() + draftDays * DAY_MS);
