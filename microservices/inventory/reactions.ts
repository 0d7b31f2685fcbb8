import { react, type Reaction } from '../chassis/events/reaction.ts';
import { ordersContract } from '../orders/contract.ts';
import { giveBackAll, giveBackSome } from './service/settle.ts';

/**
 * An order that ends before it ships needs its stock no longer: what is reserved for it is released, what was committed goes back on the shelf. A
 * reservation that a late journey makes after that runs out by itself.
 */
const ended: readonly Reaction[] = (['order.cancelled', 'order.rejected'] as const).map((type) =>
  react(ordersContract, type, (event, tx) => giveBackAll(tx, event.data.orderId, `event:${type}`)),
);

export const reactions: readonly Reaction[] = [
  ...ended,
  react(ordersContract, 'order.rest_cancelled', ({ data }, tx) =>
    giveBackSome(tx, data.orderId, data.lines, 'event:order.rest_cancelled'),
  ),
];
