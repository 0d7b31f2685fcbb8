import { defineContract, withExamples } from '../chassis/contract/index.ts';
import { customerExamples } from './contract/examples.ts';
import { accountChangeOperations } from './contract/account-changes.ts';
import { accountOperations } from './contract/accounts.ts';
import { apiKeyOperations, sessionOperations } from './contract/access.ts';
import { credentialOperations } from './contract/credentials.ts';
import { customerEvents } from './contract/events.ts';
import { privacyOperations } from './contract/privacy.ts';
import { addressOperations, consentOperations, groupOperations } from './contract/profile.ts';

export const customersContract = defineContract({
  domain: 'customers',
  title: 'Customers',
  noun: 'Customer',
  description:
    'Customers and guests: sign-in, addresses, consents, export and erasure of their data. Also the API keys of staff and integrations. Events carry no personal data.',
  version: 1,
  operations: {
    ...accountOperations,
    ...accountChangeOperations,
    ...credentialOperations,
    ...sessionOperations,
    ...addressOperations,
    ...consentOperations,
    ...groupOperations,
    ...privacyOperations,
    ...apiKeyOperations,
  },
  events: withExamples(customerEvents, customerExamples),
});
