import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { startWithCustomers } from '../../infra/test/with-customers.ts';
import { newId } from '../chassis/ids.ts';
import { customersContract } from '../customers/contract.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { besideCustomers, eur, newOrder, newOwner, refusal, remote } from './testing.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startWithCustomers(wallet, besideCustomers);
});
afterAll(() => platform.stop());

const api = () => platform.client(walletContract);
const staff = () => platform.client(customersContract);
const newCustomer = async (): Promise<string> =>
  (await staff().createCustomer({ email: `${newId('cus')}@example.com` })).id;
const everyWayIn = (ownerId: string, from: string) => [
  () => api().topUp({ ownerId, amount: eur(5), reference: newId('card') }),
  () => api().openAccount({ ownerId, currency: 'USD' }),
  () => api().transfer({ fromOwnerId: from, toOwnerId: ownerId, amount: eur(5), reference: 'x' }),
  () =>
    api().transferLinked({ transfers: [{ fromOwnerId: from, toOwnerId: ownerId, amount: eur(5), reference: 'x' }] }),
  () => api().authorizeHold({ ownerId, amount: eur(5), reference: newOrder() }),
  () => api().payOut({ ownerId, amount: eur(5), reference: newId('bank') }),
];

test('a customer that does not exist gets no account, by no way', async () => {
  const from = newOwner();
  await api().topUp({ ownerId: from, amount: eur(100), reference: 'card' });
  const ownerId = newId('cus');
  for (const way of everyWayIn(ownerId, from)) {
    expect(await refusal(way())).toMatchObject({ code: 'OWNER_NOT_FOUND', status: 404, data: { ownerId } });
  }
  expect((await api().listAccounts({ ownerId })).items).toEqual([]);
  expect((await api().getBalance({ ownerId: from })).items).toMatchObject([{ balance: 100 }]);
  const failed = await platform.waitForEvent(
    'payment.failed',
    ({ data }) => (data as { ownerId: string }).ownerId === ownerId,
  );
  expect(failed.data).toMatchObject({ reason: 'owner_not_found' });
});

test('one transfer of many to a customer that does not exist makes none', async () => {
  const [from, good, missing] = [newOwner(), await newCustomer(), newId('cus')];
  await api().topUp({ ownerId: from, amount: eur(100), reference: 'card' });
  const to = (toOwnerId: string) => ({ fromOwnerId: from, toOwnerId, amount: eur(5), reference: 'x' });
  const refused = await refusal(api().transferLinked({ transfers: [to(good), to(missing)] }));
  expect(refused).toMatchObject({ code: 'OWNER_NOT_FOUND', data: { ownerId: missing } });
  expect((await api().listAccounts({ ownerId: good })).items).toEqual([]);
});

test('a customer without a wallet that asks to pay has insufficient funds', async () => {
  const ownerId = await newCustomer();
  const hold = api().authorizeHold({ ownerId, amount: eur(5), reference: newOrder() });
  expect(await refusal(hold)).toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
});

test('a disabled customer keeps a wallet', async () => {
  const ownerId = await newCustomer();
  await staff().disableCustomer({ customerId: ownerId });
  await api().topUp({ ownerId, amount: eur(5), reference: 'card' });
  expect((await api().getBalance({ ownerId })).items).toMatchObject([{ balance: 5 }]);
});

test('twenty first top-ups at once open one account', async () => {
  const ownerId = await newCustomer();
  const topUps = Array.from({ length: 20 }, () => api().topUp({ ownerId, amount: eur(1), reference: newId('card') }));
  await Promise.all(topUps);
  expect((await api().getBalance({ ownerId })).items).toMatchObject([{ balance: 20 }]);
});

describe('while customers are away', () => {
  let alone: TestPlatform;
  beforeAll(async () => {
    alone = await startTestPlatform({ services: [wallet], remote });
  });
  afterAll(() => alone.stop());

  test('known owners are served, and a first account waits', async () => {
    const known = newId('cus');
    const open = `INSERT INTO account (id, owner_id, currency, opened_at) VALUES ($1, $2, 'EUR', now())`;
    await alone.database('wallet').run(open, [newId('acc'), known]);
    const topUp = (ownerId: string) =>
      alone.client(walletContract).topUp({ ownerId, amount: eur(5), reference: newId('card') });
    expect(await topUp(known)).toMatchObject({ balance: { balance: 5 } });
    expect(await refusal(topUp(newId('cus')))).toMatchObject({ status: 503 });
  });
});
