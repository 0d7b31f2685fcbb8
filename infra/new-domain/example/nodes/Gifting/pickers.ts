import { customer } from '../../../../../nodes/Customer/pickers.ts';
import { pickerFrom, type Pickers } from '../../../../../nodes/form/pickers.ts';
import { giftingContract } from '../../microservices/gifting/contract.ts';

/** The inputs of this node that are chosen from a list. */
export const giftingPickers = {
  customerId: customer,
  giftNoteId: pickerFrom(giftingContract, 'Gift Note', 'searchGiftNotes', 'listGiftNotes', {
    label: ['message', 'state', 'createdAt'],
  }),
} satisfies Pickers;
