import { eventTypeOptions } from '../../nodes/Trigger/derived.ts';
import { form as customer } from '../../nodes/Customer/derived.ts';
import { form as wallet } from '../../nodes/Wallet/derived.ts';
import { searchNames } from './search-names.ts';

test('the node panel finds nodes by the names of operations and events', () => {
  expect(searchNames({ form: customer })).toContain('Get customer');
  expect(searchNames({ form: wallet })).toContain('Top up wallet');
  expect(searchNames({ eventTypeOptions })).toContain('Order Confirmed');
});
