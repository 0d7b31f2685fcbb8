import { newId } from '../chassis/ids.ts';
import { Problem } from '../chassis/problem.ts';
import { ordersContract } from '../orders/contract.ts';

/** In these tests orders run elsewhere: only their topic is needed. */
export const remote = [{ contract: ordersContract, url: 'http://127.0.0.1:9' }];

export const newOwner = (): string => newId('cus');
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
