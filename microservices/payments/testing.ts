import type { Client } from '../chassis/client.ts';
import type { Contract } from '../chassis/contract/index.ts';
import { newId } from '../chassis/ids.ts';
import { customersContract } from '../customers/contract.ts';
import { ordersContract } from '../orders/contract.ts';
import { walletContract } from '../wallet/contract.ts';

/** Orders run elsewhere in these tests, and no erasure waits for them. */
export const besideOrders = {
  remote: [{ contract: ordersContract, url: 'http://127.0.0.1:9' }],
  environment: { ERASURE_SERVICES: 'payments', PAYMENTS_JOB_INTERVAL_MS: '50' },
};

export const eur = (amount: number) => ({ amount, currency: 'EUR' });
export const newCart = (): string => newId('crt');

/** The part of a started platform that is needed here. */
interface Platform {
  client<Of extends Contract>(contract: Of): Client<Of>;
}

/** A customer with money in the wallet. */
export const newPayer = async (platform: Platform, balance = 0, currency = 'EUR'): Promise<string> => {
  const email = `${newId('x')}@example.com`;
  const { id } = await platform.client(customersContract).createCustomer({ email });
  if (balance > 0)
    await platform
      .client(walletContract)
      .topUp({ ownerId: id, amount: { amount: balance, currency }, reference: `top-up-${id}` });
  return id;
};

export const walletOf = async (platform: Platform, ownerId: string, currency = 'EUR') => {
  const [balance] = (await platform.client(walletContract).getBalance({ ownerId, currency })).items;
  return { balance: balance?.balance ?? 0, held: balance?.held ?? 0 };
};

/** Debits less credits of the platform's own accounts. */
export const booksOf = async (platform: Platform, currency = 'EUR'): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await platform.client(walletContract).listSystemAccounts({ currency })).items.map(({ name, debits, credits }) => [
      name,
      Number(debits) - Number(credits),
    ]),
  );
