import type { Contract } from '../chassis/contract/index.ts';
import { customersContract } from '../customers/contract.ts';
import { newId, newUuid } from '../chassis/ids.ts';
import { Problem } from '../chassis/problem.ts';
import { ordersContract } from '../orders/contract.ts';

const away = (contract: Contract) => ({ contract, url: 'http://127.0.0.1:9' });

/** In these tests orders and customers run elsewhere: only their topics are needed. */
export const remote = [ordersContract, customersContract].map(away);

/** Beside customers, orders run elsewhere, and no erasure waits for them. */
export const besideCustomers = { remote: [away(ordersContract)], environment: { ERASURE_SERVICES: 'wallet' } };

/** An owner of the merchant's own, whom nobody has to look up. */
export const newOwner = (): string => `shop-${newUuid()}`;
export const newOrder = (): string => newId('ord');
export const eur = (amount: number) => ({ amount, currency: 'EUR' });
export const usd = (amount: number) => ({ amount, currency: 'USD' });

/** The problem of a refused call. Throws when the call was not refused. */
export const refusal = async (
  call: Promise<unknown>,
): Promise<{ code: string; status: number; message: string; data: unknown }> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof Problem)
      return { code: error.code, status: error.status, message: error.message, data: error.data };
    throw error;
  }
  throw new Error('The call succeeded although it should have been refused');
};
