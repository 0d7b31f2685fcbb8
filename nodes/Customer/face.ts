import { customersContract } from '../../microservices/customers/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { defineFace } from '../form/face.ts';
import { customerPickers } from './pickers.ts';

const orderFacts = {
  switch: {
    name: 'includeOrders',
    displayName: 'Include Orders',
    description: 'Whether to add orders.count, orders.spent by currency and orders.lastOrderAt',
  },
  as: 'orders',
  contract: ordersContract,
  calls: 'getCustomerFacts',
  input: { customerId: 'id' },
};

const storefront =
  'The person does it in the storefront, with a password, a code or a token that no workflow should see.';

export const customerFace = defineFace(customersContract, {
  pickers: customerPickers,
  resources: {
    customer: {
      operations: {
        get: { calls: 'getCustomer', action: 'Get customer', with: orderFacts },
        getMany: { calls: 'listCustomers', action: 'Get many customers' },
        create: { calls: 'createCustomer', action: 'Create customer', prominent: ['email', 'name'] },
        findOrCreate: {
          calls: 'findOrCreateCustomer',
          name: 'Find or Create',
          action: 'Find or create customer',
          prominent: ['name'],
        },
        update: { calls: 'updateCustomer', action: 'Update customer' },
        setGroup: { calls: 'setGroup', action: 'Set group of customer', prominent: ['group'] },
        addTags: { calls: 'addTags', action: 'Add tags to customer' },
        removeTags: { calls: 'removeTags', action: 'Remove tags from customer' },
        setTags: { calls: 'setTags', name: 'Set All Tags', action: 'Set all tags of customer' },
        confirmPhone: { calls: 'confirmPhone', action: 'Confirm phone number of customer' },
        sendVerification: { calls: 'requestVerification', action: 'Send verification code to customer' },
        disable: { calls: 'disableCustomer', action: 'Disable customer' },
        enable: { calls: 'enableCustomer', action: 'Enable customer' },
        merge: { calls: 'mergeCustomers', action: 'Merge customers' },
        export: { calls: 'exportCustomer', action: 'Export personal data of customer' },
        erase: { calls: 'eraseCustomer', action: 'Erase customer' },
        eraseByEmail: { calls: 'eraseByEmail', name: 'Erase by E-Mail', action: 'Erase customer by email address' },
        exportByEmail: {
          calls: 'exportByEmail',
          name: 'Export by E-Mail',
          action: 'Export personal data by email address',
        },
      },
    },
    address: {
      operations: {
        getMany: { calls: 'listAddresses', action: 'Get many addresses' },
        add: { calls: 'addAddress', action: 'Add address', prominent: ['city', 'postalCode'] },
        update: { calls: 'updateAddress', action: 'Update address' },
        delete: { calls: 'removeAddress', action: 'Delete address' },
      },
    },
    consent: {
      operations: {
        check: { calls: 'checkConsent', action: 'Check consent' },
        getMany: { calls: 'listConsents', action: 'Get many consents' },
        getHistory: { calls: 'listConsentHistory', action: 'Get history of consents' },
        set: { calls: 'setConsent', action: 'Set consent' },
      },
    },
    group: {
      operations: {
        getMany: { calls: 'listGroups', action: 'Get many groups' },
        upsert: { calls: 'saveGroup', name: 'Create or Update', action: 'Create or update group' },
        delete: { calls: 'deleteGroup', action: 'Delete group' },
      },
    },
    session: {
      operations: {
        getMany: { calls: 'listSessions', action: 'Get many sessions' },
        end: { calls: 'endSession', action: 'End session' },
      },
    },
    erasure: {
      operations: {
        get: { calls: 'getErasure', action: 'Get erasure request' },
        getMany: { calls: 'listErasures', action: 'Get many erasure requests' },
        acknowledge: { calls: 'acknowledgeErasure', action: 'Acknowledge erasure' },
        postpone: { calls: 'postponeErasure', action: 'Postpone erasure' },
      },
    },
    apiKey: {
      operations: {
        getMany: { calls: 'listApiKeys', action: 'Get many API keys' },
        getCurrent: { calls: 'getCurrentApiKey', action: 'Get API key in use' },
        revoke: { calls: 'revokeApiKey', action: 'Revoke API key' },
      },
    },
  },
  notOnCanvas: {
    registerCustomer: storefront,
    createGuest: storefront,
    upgradeGuest: storefront,
    signIn: storefront,
    refreshSession: storefront,
    signOut: storefront,
    changeEmail: storefront,
    changePassword: storefront,
    requestPasswordReset: storefront,
    confirmPasswordReset: storefront,
    confirmVerification: storefront,
    createApiKey: 'Its answer is a secret that is shown once; n8n would keep it in the execution’s data.',
    introspectSession: 'Services ask it about the sessions of access tokens; a workflow has no token of a customer.',
    getErasureAddresses: 'Services ask it to erase what was done as a guest.',
    introspectApiKey: 'Services ask it about each other’s keys; a workflow has no hash of a key to ask about.',
  },
  hidden: {
    password: 'Only a person who asks for themselves gives it; a key needs none.',
    fromRefreshToken: 'Only a person who asks for themselves gives it; a key needs none.',
  },
});
