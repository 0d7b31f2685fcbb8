import { randomBytes } from 'node:crypto';
import { createClient } from '../../microservices/chassis/client.ts';
import type { CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { customersContract } from '../../microservices/customers/contract.ts';

/** The first event that fits, also of those that passed already; undefined when none comes in time. */
export type WaitFor = (fits: (event: CommerceEvent) => boolean) => Promise<CommerceEvent | undefined>;

/** What a story works with: the API, and the events that pass. */
export interface Stage {
  api: { url: string; credential: string };
  waitFor: WaitFor;
}

export const freshEmail = (): string => `demo-${randomBytes(5).toString('hex')}@example.com`;

/** The customer of the story: the one who is named, or a new one. Throws when there is none of that id. */
export const demoCustomer = async ({ api }: Stage, customerId: string | undefined) => {
  const customers = createClient(customersContract, api);
  return customerId === undefined
    ? customers.createCustomer({ email: freshEmail(), name: 'Ada Demo' })
    : customers.getCustomer({ customerId });
};

/** A line of the story itself, below the times of the events. */
export const say = (line: string): void => console.log(`            ${line}`);
