import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { commerceNode, eventItem, startShop, trigger } from './testing/shop.ts';

let shop: Awaited<ReturnType<typeof startShop>>;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

const topUp = (ownerId: string) =>
  commerceNode('Wallet', 'wallet', 'topUp', {
    ownerId: { __rl: true, mode: 'id', value: ownerId },
    amount: 500,
    amountCurrency: 'EUR',
    reference: `gift-${ownerId}`,
  });

test('with Rehearsal in the credential a command moves nothing and its output says so; queries are as always', async () => {
  const owner = `cus-${randomUUID()}`;
  const items = [eventItem(randomUUID())];
  const [rehearsed] = await shop.rehearsing().run([trigger, topUp(owner)], { items });
  expect(rehearsed?.json).toMatchObject({ rehearsal: true });
  expect(await shop.balance(owner)).toBe(0);
  // The same event for real: nothing was kept under its key.
  const [real] = await shop.canvas.run([trigger, topUp(owner)], { items });
  expect(real?.json).not.toHaveProperty('rehearsal');
  expect(await shop.balance(owner)).toBe(500);
  const balance = commerceNode('Wallet', 'wallet', 'getBalances', {
    ownerId: { __rl: true, mode: 'id', value: owner },
  });
  const [read] = await shop.rehearsing().run([trigger, balance], { items });
  expect(read?.json).toMatchObject({ balance: 500, currency: 'EUR' });
  expect(read?.json).not.toHaveProperty('rehearsal');
});

test('a platform that does not know rehearsals is not believed', async () => {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"id":"tra_1"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const old = shop.rehearsing(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await expect(old.run([trigger, topUp('cus-1')], { items: [eventItem(randomUUID())] })).rejects.toMatchObject({
    code: 'NOT_REHEARSED',
  });
  server.close();
});
