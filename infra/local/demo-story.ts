import { randomBytes } from 'node:crypto';
import { createClient } from '../../microservices/chassis/client.ts';
import type { CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';

/** The first event that fits, also of those that passed already; undefined when none comes in time. */
export type WaitFor = (fits: (event: CommerceEvent) => boolean) => Promise<CommerceEvent | undefined>;

/** What a story works with: the API, and the events that pass. */
export interface Stage {
  api: { url: string; credential: string };
  waitFor: WaitFor;
}

export const ADDRESS = {
  name: 'Ada Demo',
  line1: 'Lindenstraße 1',
  city: 'Berlin',
  postalCode: '10969',
  country: 'DE',
};

/** Enough for every order of a story. */
const PURSE = 10_000;

export const freshEmail = (): string => `demo-${randomBytes(5).toString('hex')}@example.com`;

/** The customer of the story: the one who is named, or a new one. Throws when there is none of that id. */
export const demoCustomer = async ({ api }: Stage, customerId: string | undefined) => {
  const customers = createClient(customersContract, api);
  return customerId === undefined
    ? customers.createCustomer({ email: freshEmail(), name: 'Ada Demo' })
    : customers.getCustomer({ customerId });
};

/** Tops the wallet up to what an order needs; a customer with money enough gets none. */
export const fillPurse = async ({ api }: Stage, ownerId: string): Promise<void> => {
  const wallet = createClient(walletContract, api);
  const [balance] = (await wallet.getBalance({ ownerId, currency: 'EUR' })).items;
  const missing = PURSE - (balance?.available ?? 0);
  if (missing <= 0) return;
  const amount = { amount: missing, currency: 'EUR' };
  await wallet.topUp({ ownerId, amount, reference: `demo-${freshEmail()}` });
};

/** A line of the story itself, below the times of the events. */
export const say = (line: string): void => console.log(`            ${line}`);
