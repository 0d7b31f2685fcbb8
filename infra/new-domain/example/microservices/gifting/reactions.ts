import { react, type Reaction } from '../../../../../microservices/chassis/events/reaction.ts';
import { customersContract } from '../../../../../microservices/customers/contract.ts';
import { moveGiftNotes } from './store.ts';

/** Safe to repeat and to come late: when it runs again, nothing is left to move. */
export const reactions: readonly Reaction[] = [
  react(customersContract, 'customer.merged', ({ data }, tx) =>
    moveGiftNotes(tx, data.mergedCustomerId, data.customerId),
  ),
];
