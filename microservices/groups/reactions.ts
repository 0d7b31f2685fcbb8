import { react, type Reaction } from '../chassis/events/reaction.ts';
import { endPersons } from '../chassis/persons.ts';
import { customersContract } from '../customers/contract.ts';
import type { Context } from './context.ts';
import { movePersons } from './store/persons.ts';

/** Safe to repeat and to come late: when it runs again, nothing is left to move. */
export const reactions = ({ now }: Pick<Context, 'now'>): readonly Reaction[] => [
  react(customersContract, 'customer.merged', async ({ data }, tx) => {
    await endPersons(tx, [data.mergedCustomerId], now());
    await movePersons(tx, data.mergedCustomerId, data.customerId);
  }),
];
