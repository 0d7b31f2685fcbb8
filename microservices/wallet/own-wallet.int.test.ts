import { startWithCustomers } from '../../infra/test/with-customers.ts';
import type { TestPlatform } from '../../infra/test/platform.ts';
import { newId, newUuid } from '../chassis/ids.ts';
import { customersContract } from '../customers/contract.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { besideCustomers, eur, newOrder, refusal } from './testing.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startWithCustomers(wallet, besideCustomers);
});
afterAll(() => platform.stop());

const api = () => platform.client(walletContract);
const fund = (ownerId: string, amount = eur(100)) => api().topUp({ ownerId, amount, reference: newId('card') });
const noLimits = { perTransfer: null, perDay: null, maxBalance: null };

/** Access tokens of customers who have signed up here. */
const tokens = new Map<string, string>();
const newCustomer = async (): Promise<string> => {
  const email = `${newUuid()}@example.com`;
  const { customer, session } = await platform
    .client(customersContract, { credential: '' })
    .registerCustomer({ email, password: 'correct horse battery' });
  tokens.set(customer.id, session.accessToken);
  return customer.id;
};
const as = (customerId: string) => platform.client(walletContract, { credential: tokens.get(customerId) ?? '' });

describe('who may do what', () => {
  test('customers see and spend what is theirs, and cannot tell others’ wallets from none', async () => {
    const [mine, theirs] = [await newCustomer(), await newCustomer()];
    await fund(mine);
    await fund(theirs);
    const hold = await api().authorizeHold({ ownerId: theirs, amount: eur(1), reference: newOrder() });
    const me = as(mine);
    expect((await me.getBalance({ ownerId: mine })).items).toHaveLength(1);
    expect((await me.getStatement({ ownerId: mine, currency: 'EUR' })).items).toHaveLength(1);
    await me.transfer({ fromOwnerId: mine, toOwnerId: theirs, amount: eur(1), reference: 'gift' });

    const wanting = { fromOwnerId: theirs, toOwnerId: mine, amount: eur(1), reference: 'theft' };
    expect(await refusal(me.transfer(wanting))).toMatchObject({ code: 'WALLET_NOT_FOUND', status: 404 });
    expect(await refusal(me.getBalance({ ownerId: theirs }))).toMatchObject({ code: 'WALLET_NOT_FOUND' });
    expect(await refusal(me.getStatement({ ownerId: theirs, currency: 'EUR' }))).toMatchObject({
      code: 'WALLET_NOT_FOUND',
    });
    expect(await refusal(me.getHold({ holdId: hold.id }))).toMatchObject({ code: 'HOLD_NOT_FOUND' });
  });

  test('customers do not learn how much room a receiver has', async () => {
    const [mine, theirs] = [await newCustomer(), await newCustomer()];
    await fund(mine);
    const { id: accountId } = await api().openAccount({ ownerId: theirs, currency: 'EUR' });
    await api().setLimits({ accountId, ...noLimits, maxBalance: 10 });
    const transfer = { fromOwnerId: mine, toOwnerId: theirs, amount: eur(11), reference: 'gift' };
    expect(await refusal(as(mine).transfer(transfer))).toMatchObject({
      code: 'RECEIVER_LIMIT',
      data: undefined,
    });
    expect(await refusal(api().transfer(transfer))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      data: { allowed: eur(10) },
    });
  });

  test('customers cannot make money, hold it, or read the books', async () => {
    const mine = await newCustomer();
    const me = as(mine);
    const calls = [
      () => me.topUp({ ownerId: mine, amount: eur(1), reference: 'x' }),
      () => me.payOut({ ownerId: mine, amount: eur(1), reference: 'x' }),
      () => me.authorizeHold({ ownerId: mine, amount: eur(1), reference: 'x' }),
      () => me.refundCapture({ holdId: newId('hld'), amount: eur(1), reason: 'x', reference: 'x' }),
      () =>
        me.transferLinked({
          transfers: [{ fromOwnerId: mine, toOwnerId: mine, amount: eur(1), reference: 'x' }],
        }),
      () => me.listAccounts({}),
      () => me.listTransfers({}),
      () => me.auditLedger({}),
    ];
    for (const call of calls) expect(await refusal(call())).toMatchObject({ code: 'FORBIDDEN', status: 403 });
  });

  test('a request without a credential is refused', async () => {
    const nobody = platform.client(walletContract, { credential: '' });
    expect(await refusal(nobody.getBalance({ ownerId: 'cus_x' }))).toMatchObject({
      code: 'UNAUTHENTICATED',
      status: 401,
    });
  });
});
