import { defineContract } from '../chassis/contract/index.ts';
import { accountOperations, credentialOperations } from './contract/accounts.ts';
import { apiKeyOperations, sessionOperations } from './contract/access.ts';
import { customerEvents } from './contract/events.ts';
import { addressOperations, consentOperations, groupOperations, privacyOperations } from './contract/profile.ts';

export const customersContract = defineContract({
  domain: 'customers',
  title: 'Customers',
  description:
    'Who buys: accounts and guests, how they sign in, their addresses, what they agreed to, and their right to see and delete it all. Also the API keys of staff and integrations. Its events never carry personal data.',
  version: 1,
  operations: {
    ...accountOperations,
    ...credentialOperations,
    ...sessionOperations,
    ...addressOperations,
    ...consentOperations,
    ...groupOperations,
    ...privacyOperations,
    ...apiKeyOperations,
  },
  events: customerEvents,
});
