import { newId } from '../../chassis/ids.ts';

/** What is refused when it is sent, and with which code; `confirmation` is a template with its values. */
export const refusedSends = (confirmation: object): [string, object, string][] => [
  ['a template that is not there', { email: 'a@example.org', template: 'nothing' }, 'TEMPLATE_NOT_FOUND'],
  ['values that are missing', { email: 'a@example.org', template: 'order-confirmation' }, 'TEMPLATE_DATA'],
  ['a customer who is not there', { customerId: newId('cus'), ...confirmation }, 'CUSTOMER_NOT_FOUND'],
  ['nobody', confirmation, 'INVALID_INPUT'],
  ['no words', { email: 'a@example.org' }, 'INVALID_INPUT'],
  ['half a message', { email: 'a@example.org', subject: 'Hello' }, 'INVALID_INPUT'],
  ['a template and words', { email: 'a@example.org', ...confirmation, text: 'Hello' }, 'INVALID_INPUT'],
  ['words without their values', { email: 'a@example.org', subject: 'Hi {{ who }}', text: 'x' }, 'TEMPLATE_DATA'],
  ['words that are no Liquid', { email: 'a@example.org', subject: 'Hi {% if', text: 'x' }, 'TEMPLATE_DATA'],
  [
    'marketing to who has not agreed, written here too',
    { email: 'a@example.org', subject: 'Sale', text: 'Sale', purpose: 'marketing' },
    'CONSENT_MISSING',
  ],
  [
    'one language twice',
    {
      email: 'a@example.org',
      subject: 'Hi',
      text: 'x',
      translations: [1, 2].map((n) => ({ locale: 'de', subject: `Hallo ${n}`, text: 'x' })),
    },
    'INVALID_INPUT',
  ],
  ['two recipients', { email: 'a@example.org', customerId: newId('cus'), ...confirmation }, 'INVALID_INPUT'],
  ['a guest in the app', { email: 'a@example.org', channel: 'in_app', ...confirmation }, 'INVALID_INPUT'],
  ['a marketing template as transactional', { email: 'a@example.org', template: 'sale' }, 'PURPOSE_MISMATCH'],
  [
    'values nested too deep',
    {
      email: 'a@example.org',
      template: 'sale',
      data: JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`) as object,
    },
    'INVALID_INPUT',
  ],
  ['values with a NUL', { email: 'a@example.org', template: 'sale', data: { 'a\u0000': 1 } }, 'INVALID_INPUT'],
];
