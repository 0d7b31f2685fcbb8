import { customersContract } from '../../microservices/customers/contract.ts';
import { pickerFrom, type Pickers } from '../form/pickers.ts';

/** Also for inputs of other nodes that name a customer. */
export const customer = pickerFrom(customersContract, 'Customer', 'searchCustomers', 'listCustomers', {
  label: ['name', 'email'],
});

/** The inputs of this node that are chosen from a list. */
export const customerPickers = {
  customerId: customer,
  fromCustomerId: { ...customer, title: 'From Customer' },
  addressId: pickerFrom(customersContract, 'Address', 'searchAddresses', 'listAddresses', {
    label: ['label', 'line1', 'city'],
    within: 'customerId',
  }),
  sessionId: pickerFrom(customersContract, 'Session', 'searchSessions', 'listSessions', {
    label: ['device', 'startedAt'],
    within: 'customerId',
  }),
  keyId: pickerFrom(customersContract, 'API Key', 'searchApiKeys', 'listApiKeys', { label: ['name', 'hint'] }),
} satisfies Pickers;
