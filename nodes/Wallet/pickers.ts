import { walletContract } from '../../microservices/wallet/contract.ts';
import { customer } from '../Customer/pickers.ts';
import { pickerFrom, type Pickers } from '../form/pickers.ts';

/** The inputs of this node that are chosen from a list. */
export const walletPickers = {
  ownerId: { ...customer, title: 'Owner' },
  fromOwnerId: { ...customer, title: 'From Owner' },
  toOwnerId: { ...customer, title: 'To Owner' },
  transferId: pickerFrom(walletContract, 'Transfer', 'searchTransfers', 'listTransfers', {
    label: ['kind', 'reference', 'at'],
  }),
  holdId: pickerFrom(walletContract, 'Hold', 'searchHolds', 'listHolds', { label: ['reference', 'state'] }),
  accountId: pickerFrom(walletContract, 'Account', 'searchAccounts', 'listAccounts', {
    label: ['ownerId', 'currency'],
  }),
} satisfies Pickers;
