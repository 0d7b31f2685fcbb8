import { startTestPlatform, type TestPlatform } from '../../infra/test/platform.ts';
import { walletContract } from './contract.ts';
import { wallet } from './index.ts';
import { eur, newOwner, refusal, remote, usd } from './testing.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ services: [wallet], remote });
});
afterAll(() => platform.stop());

const api = () => platform.client(walletContract);
const fund = (ownerId: string, amount = eur(100), reference = 'card-1') => api().topUp({ ownerId, amount, reference });
const balanceOf = async (ownerId: string, currency = 'EUR') => (await api().getBalance({ ownerId, currency })).items[0];

describe('top-up and payout', () => {
  test('move money in and out, and announce it', async () => {
    const ownerId = newOwner();
    expect(await fund(ownerId)).toMatchObject({
      transfer: { kind: 'top_up', amount: eur(100), fromOwnerId: null, toOwnerId: ownerId, reference: 'card-1' },
      balance: { currency: 'EUR', balance: 100, held: 0, available: 100, credit: 0 },
    });
    expect(await api().payOut({ ownerId, amount: eur(30), reference: 'bank-1' })).toMatchObject({
      transfer: { kind: 'payout', fromOwnerId: ownerId, toOwnerId: null },
      balance: { available: 70 },
    });
    const ofOwner = (event: { data: unknown }) => (event.data as { ownerId?: string }).ownerId === ownerId;
    expect((await platform.waitForEvent('wallet.opened', ofOwner)).sequence).toBe(1);
    expect(await platform.waitForEvent('wallet.topped_up', ofOwner)).toMatchObject({
      sequence: 2,
      data: { amount: eur(100) },
    });
    expect(await platform.waitForEvent('wallet.paid_out', ofOwner)).toMatchObject({
      sequence: 3,
      data: { amount: eur(30) },
    });
  });

  test('an owner without a wallet has nothing to pay out', async () => {
    const ownerId = newOwner();
    expect(await refusal(api().payOut({ ownerId, amount: eur(1), reference: 'bank-2' }))).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      status: 402,
      data: { ownerId, available: eur(0), requested: eur(1) },
    });
    expect((await api().getBalance({ ownerId })).items).toEqual([]);
  });

  test('more than a number carries exactly is refused instead of rounded', async () => {
    const ownerId = newOwner();
    await fund(ownerId, eur(Number.MAX_SAFE_INTEGER));
    expect(await refusal(fund(ownerId, eur(1), 'card-2'))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      status: 422,
      data: { limit: 'maxBalance', allowed: eur(0) },
    });
    expect(await api().auditLedger({})).toMatchObject({ consistent: true, problems: [] });
    await api().payOut({ ownerId, amount: eur(Number.MAX_SAFE_INTEGER), reference: 'bank-3' });
  });
});

describe('transfers between owners', () => {
  test('move money and open the receiver’s account', async () => {
    const [payer, receiver] = [newOwner(), newOwner()];
    await fund(payer);
    const { transfer, balance } = await api().transfer({
      fromOwnerId: payer,
      toOwnerId: receiver,
      amount: eur(40),
      reference: 'lunch',
    });
    expect(balance).toMatchObject({ available: 60 });
    expect(await balanceOf(receiver)).toMatchObject({ balance: 40 });
    expect(await api().getTransfer({ transferId: transfer.id })).toEqual(transfer);
    await platform.waitForEvent(
      'wallet.transferred',
      ({ data }) => (data as { transferId: string }).transferId === transfer.id,
    );
  });

  test('never cross currencies: money of another currency does not count', async () => {
    const [payer, receiver] = [newOwner(), newOwner()];
    await fund(payer, usd(500));
    expect(
      await refusal(api().transfer({ fromOwnerId: payer, toOwnerId: receiver, amount: eur(1), reference: 'x' })),
    ).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      data: { available: eur(0) },
    });
    await api().transfer({ fromOwnerId: payer, toOwnerId: receiver, amount: usd(1), reference: 'x' });
    expect((await api().getBalance({ ownerId: payer })).items).toEqual([
      { currency: 'USD', balance: 499, held: 0, available: 499, credit: 0 },
    ]);
  });

  test('a refused transfer leaves nothing behind, not even an account', async () => {
    const [payer, receiver] = [newOwner(), newOwner()];
    await fund(payer, eur(5));
    await refusal(api().transfer({ fromOwnerId: payer, toOwnerId: receiver, amount: eur(6), reference: 'x' }));
    expect((await api().listAccounts({ ownerId: receiver })).items).toEqual([]);
    expect((await api().getStatement({ ownerId: payer, currency: 'EUR' })).items).toHaveLength(1);
  });

  test('to oneself are refused', async () => {
    const ownerId = newOwner();
    await fund(ownerId);
    const toSelf = { fromOwnerId: ownerId, toOwnerId: ownerId, amount: eur(1), reference: 'x' };
    expect(await refusal(api().transfer(toSelf))).toMatchObject({ code: 'SAME_OWNER', status: 422 });
    expect(await refusal(api().transferLinked({ transfers: [toSelf] }))).toMatchObject({ code: 'SAME_OWNER' });
  });
});

describe('linked transfers', () => {
  test('exchange currencies between two owners, all or none', async () => {
    const [customer, house] = [newOwner(), newOwner()];
    await fund(customer, eur(100));
    await fund(house, usd(1_000));
    const { linkedId, transfers } = await api().transferLinked({
      transfers: [
        { fromOwnerId: customer, toOwnerId: house, amount: eur(100), reference: 'fx-1' },
        { fromOwnerId: house, toOwnerId: customer, amount: usd(108), reference: 'fx-1' },
      ],
    });
    expect(transfers.map((one) => one.linkedId)).toEqual([linkedId, linkedId]);
    expect((await api().listTransfers({ linkedId })).items).toHaveLength(2);
    expect(await balanceOf(customer, 'EUR')).toMatchObject({ balance: 0 });
    expect(await balanceOf(customer, 'USD')).toMatchObject({ balance: 108 });
  });

  test('happen all or not at all, and each sees those before it', async () => {
    const [a, b, c] = [newOwner(), newOwner(), newOwner()];
    await fund(a, eur(10));
    const chain = (amount: number) => [
      { fromOwnerId: a, toOwnerId: b, amount: eur(10), reference: 'chain' },
      { fromOwnerId: b, toOwnerId: c, amount: eur(amount), reference: 'chain' },
    ];
    const refused = await refusal(api().transferLinked({ transfers: chain(11) }));
    expect(refused).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      data: { ownerId: b, available: eur(10), requested: eur(11) },
    });
    expect(refused.message).toMatch(/^Transfer 2 of 2: /);
    expect(await balanceOf(a)).toMatchObject({ balance: 10 });
    await api().transferLinked({ transfers: chain(10) });
    expect(await balanceOf(c)).toMatchObject({ balance: 10 });
  });
});

describe('repeats under one Idempotency-Key', () => {
  test('return the first response and move no money', async () => {
    const ownerId = newOwner();
    const topUp = () =>
      api().topUp({ ownerId, amount: eur(10), reference: 'card-9' }, { idempotencyKey: `top-${ownerId}` });
    const first = await topUp();
    expect(await topUp()).toEqual(first);
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 10 });
  });

  test('remember a refusal, even when there is money by now', async () => {
    const ownerId = newOwner();
    const payOut = () =>
      api().payOut({ ownerId, amount: eur(10), reference: 'bank-9' }, { idempotencyKey: `out-${ownerId}` });
    const first = await refusal(payOut());
    await fund(ownerId);
    expect(await refusal(payOut())).toEqual(first);
    expect(await balanceOf(ownerId)).toMatchObject({ balance: 100 });
  });

  test('with another body are refused', async () => {
    const ownerId = newOwner();
    const idempotencyKey = `one-${ownerId}`;
    await api().topUp({ ownerId, amount: eur(10), reference: 'r' }, { idempotencyKey });
    const other = api().topUp({ ownerId, amount: eur(11), reference: 'r' }, { idempotencyKey });
    expect(await refusal(other)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', status: 422 });
  });
});

describe('bad input is a clear 4xx', () => {
  const ask = async (path: string, body: unknown) => {
    const response = await fetch(`${platform.url}/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${platform.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as { code: string; detail: string } };
  };
  const good = { fromOwnerId: newOwner(), toOwnerId: newOwner(), amount: eur(1), reference: 'r' };

  test.each([
    ['no amount', { ...good, amount: undefined }],
    ['zero', { ...good, amount: eur(0) }],
    ['negative', { ...good, amount: eur(-5) }],
    ['a fraction', { ...good, amount: eur(1.5) }],
    ['beyond exact numbers', { ...good, amount: eur(2 ** 53) }],
    ['text for a number', { ...good, amount: { amount: '1', currency: 'EUR' } }],
    ['a currency that is none', { ...good, amount: { amount: 1, currency: 'euro' } }],
    ['an empty owner', { ...good, toOwnerId: '' }],
    ['an owner with NUL', { ...good, toOwnerId: 'a\u0000b' }],
    ['a reference with spaces', { ...good, reference: 'two words' }],
    ['a very long reference', { ...good, reference: 'x'.repeat(121) }],
  ])('%s', async (_name, body) => {
    expect(await ask('/wallet/transfers', body)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
    expect(await ask('/wallet/transfers/linked', { transfers: [body] })).toMatchObject({ status: 400 });
  });

  test.each([
    ['an unknown form of a customer’s id', { ownerId: 'cus_doesnotexist' }, 'cus_doesnotexist is no customer’s id'],
    ['an e-mail address', { ownerId: 'ann@example.com' }, 'ann@example.com is an e-mail address'],
    ['a currency that does not exist', { amount: { amount: 1, currency: 'XYZ' } }, 'XYZ is not a currency'],
  ])('%s can neither be topped up nor get an account or a transfer', async (_name, change, words) => {
    const ownerId = 'ownerId' in change ? change.ownerId : newOwner();
    const amount = 'amount' in change ? change.amount : eur(1);
    const { currency } = amount;
    const requests = [
      ['/wallet/top-ups', { ownerId, amount, reference: 'r' }],
      ['/wallet/accounts', { ownerId, currency }],
      ['/wallet/transfers', { fromOwnerId: newOwner(), toOwnerId: ownerId, amount, reference: 'r' }],
    ] as const;
    for (const [path, body] of requests) {
      const refused = await ask(path, body);
      expect(refused).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
      expect(JSON.stringify(refused.body)).toContain(words);
    }
  });

  test('no, or too many, linked transfers', async () => {
    expect(await ask('/wallet/transfers/linked', { transfers: [] })).toMatchObject({ status: 400 });
    expect(await ask('/wallet/transfers/linked', { transfers: Array.from({ length: 101 }, () => good) })).toMatchObject(
      { status: 400 },
    );
  });
});
