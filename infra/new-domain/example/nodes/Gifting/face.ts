import { giftingContract } from '../../microservices/gifting/contract.ts';
import { defineFace } from '../../../../../nodes/form/face.ts';
import { giftingPickers } from './pickers.ts';

export const giftingFace = defineFace(giftingContract, {
  pickers: giftingPickers,
  resources: {
    giftNote: {
      operations: {
        create: 'createGiftNote',
        get: 'getGiftNote',
        getMany: { calls: 'listGiftNotes', action: 'Get many gift notes' },
        send: 'sendGiftNote',
      },
    },
  },
});
