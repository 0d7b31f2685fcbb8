import { startWithCustomers } from '../../infra/test/with-customers.ts';
import type { TestPlatform } from '../../infra/test/platform.ts';
import { newId } from '../chassis/ids.ts';
import { until } from '../chassis/testing/until.ts';
import { customersContract } from '../customers/contract.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { besideCustomers, eur, newOrder, refusal } from './testing.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startWithCustomers(wallet, besideCustomers);
});
afterAll(() => platform.stop());
afterEach(async () => {
  expect(await api().auditLedger({})).toMatchObject({ consistent: true, problems: [] });
});

const api = () => platform.client(walletContract);
const staff = () => platform.client(customersContract);
const customerWith = async (amount: number): Promise<string> => {
  const { id } = await staff().createCustomer({ email: `${newId('cus')}@example.com` });
  if (amount > 0) await api().topUp({ ownerId: id, amount: eur(amount), reference: newId('card') });
  return id;
};
const reasonOf = async (customerId: string) =>
  (await staff().getErasure({ customerId })).services.find(({ service }) => service === 'wallet')?.waitsBecause;
const postponed = (customerId: string) =>
  platform.waitForEvent('customer.erasure_postponed', ({ subject }) => subject === customerId);
const erased = (customerId: string) =>
  platform.waitForEvent('customer.erased', ({ subject }) => subject === customerId);

test('an erasure waits until the balance is paid out; meanwhile nothing comes in', async () => {
  const ownerId = await customerWith(5_000);
  await staff().eraseCustomer({ customerId: ownerId });
  await postponed(ownerId);
  expect(await reasonOf(ownerId)).toContain('50.00 EUR. Pay it out or write it off');
  for (const refused of [
    () => api().topUp({ ownerId, amount: eur(1), reference: newId('card') }),
    () => api().authorizeHold({ ownerId, amount: eur(1), reference: newOrder() }),
    () => api().transfer({ fromOwnerId: ownerId, toOwnerId: 'shop-1', amount: eur(1), reference: 'x' }),
  ]) {
    expect(await refusal(refused())).toMatchObject({ code: 'OWNER_ENDED', status: 409, data: { state: 'erased' } });
  }
  await api().payOut({ ownerId, amount: eur(5_000), reference: 'bank' });
  await erased(ownerId);
});

test('what is held for an order waits for it; the rest is written off with a reason, once', async () => {
  const ownerId = await customerWith(100);
  const hold = await api().authorizeHold({ ownerId, amount: eur(60), reference: newOrder() });
  await staff().eraseCustomer({ customerId: ownerId });
  await postponed(ownerId);
  expect(await reasonOf(ownerId)).toContain('1.00 EUR, 0.60 EUR of it held for orders');
  const writeOff = (amount: number) =>
    api().writeOff({ ownerId, amount: eur(amount), reason: 'no bank account known', reference: 'booking-7' });
  expect(await refusal(writeOff(41))).toMatchObject({ code: 'INSUFFICIENT_FUNDS', status: 402 });
  const written = await writeOff(40);
  expect(written.transfer).toMatchObject({ kind: 'write_off', fromOwnerId: ownerId, toOwnerId: null });
  expect(await writeOff(40)).toMatchObject({ transfer: { id: written.transfer.id } });
  await api().captureHold({ holdId: hold.id, amount: eur(50) });
  await until('only 0.10 EUR are left', async () => (await reasonOf(ownerId))?.includes(': 0.10 EUR. ') === true);
  await api().writeOff({ ownerId, amount: eur(10), reason: 'too little to pay out', reference: 'booking-8' });
  await erased(ownerId);
  expect((await api().getTransfer({ transferId: written.transfer.id })).reason).toBe('no bank account known');
  const { items } = await api().listSystemAccounts({ currency: 'EUR' });
  expect(items.find(({ name }) => name === 'write_offs')).toMatchObject({ credits: '50' });
});

test('the words about an erased customer go, the amounts stay', async () => {
  const ownerId = await customerWith(100);
  const hold = await api().authorizeHold({ ownerId, amount: eur(60), reference: newOrder() });
  await api().captureHold({ holdId: hold.id });
  const refund = { holdId: hold.id, amount: eur(10), reason: 'Ada was ill', reference: newId('rfd') };
  const { transfer } = await api().refundCapture(refund);
  const [account] = (await api().listAccounts({ ownerId })).items;
  await api().payOut({ ownerId, amount: eur(50), reference: 'bank' });
  await api().freezeAccount({ accountId: account?.id ?? '', reason: 'Ada rang us' });
  await staff().eraseCustomer({ customerId: ownerId });
  await erased(ownerId);
  expect(await api().getTransfer({ transferId: transfer.id })).toMatchObject({ reason: null, amount: eur(10) });
  expect(await api().getAccount({ accountId: account?.id ?? '' })).toMatchObject({ freezeReason: null, frozen: true });
});

test('only what an erased customer left is written off', async () => {
  const ownerId = await customerWith(100);
  const writeOff = api().writeOff({ ownerId, amount: eur(1), reason: 'x', reference: 'booking' });
  expect(await refusal(writeOff)).toMatchObject({ code: 'OWNER_NOT_ERASED', status: 409, data: { ownerId } });
});

test('granted credit makes no erasure wait: it goes back to the shop', async () => {
  const ownerId = await customerWith(0);
  await api().grantCredit({ ownerId, amount: eur(300), reason: 'for Ada’s birthday', reference: 'birthday' });
  await staff().eraseCustomer({ customerId: ownerId });
  await erased(ownerId);
  expect((await api().getBalance({ ownerId })).items).toMatchObject([{ balance: 0, credit: 0 }]);
  expect((await api().listCredits({ ownerId })).items).toMatchObject([
    { state: 'expired', takenBack: eur(300), reason: null },
  ]);
});

test('an erased customer without a wallet gets none', async () => {
  const ownerId = await customerWith(0);
  await staff().eraseCustomer({ customerId: ownerId });
  const late = api().topUp({ ownerId, amount: eur(1), reference: 'card' });
  expect(await refusal(late)).toMatchObject({ code: 'OWNER_ENDED', data: { ownerId, state: 'erased' } });
});
