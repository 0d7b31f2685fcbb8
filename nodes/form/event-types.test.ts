import { allContracts } from '../../ai/contracts.ts';
import { eventTypeOptionsOf } from './event-types.ts';

const options = eventTypeOptionsOf(allContracts);
const named = (type: string) => options.find(({ value }) => value === type)?.name;

test.each([
  ['order.confirmed', 'Order · Confirmed'],
  ['refund.issued', 'Order · Refund Issued'],
  ['cart.abandoned', 'Cart · Abandoned'],
  ['inventory.low', 'Stock · Low'],
  ['wallet.held', 'Wallet · Money Held'],
  ['customer.guest_created', 'Customer · Guest Created'],
  ['api_key.created', 'Technical · API Key Created'],
])('%s is %s in the list', (type, name) => {
  expect(named(type)).toBe(name);
});

test('every type is in the list once, under a name of its own, those for technical people last', () => {
  const names = options.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const technical = names.map((name) => name.startsWith('Technical · '));
  expect(technical).toEqual(technical.toSorted((left, right) => Number(left) - Number(right)));
  expect(technical.filter(Boolean).length).toBeGreaterThan(10);
});
