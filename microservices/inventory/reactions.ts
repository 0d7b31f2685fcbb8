import { catalogContract } from '../catalog/contract.ts';
import { react, type Reaction } from '../chassis/events/reaction.ts';
import { ordersContract } from '../orders/contract.ts';
import type { Context } from './context.ts';
import type { OrderFacts } from './policy/order-facts.ts';
import { followOrder } from './service/follow-order.ts';
import { readOrderFacts } from './service/order-facts.ts';
import { writeTitle } from './store/names.ts';

const NEWS = ['order.shipped', 'order.cancelled', 'order.rejected', 'order.rest_cancelled', 'order.closed'] as const;

/**
 * What was shipped leaves the shelf; what will not be shipped can be sold again. The event only says that there is
 * news: orders are asked what it is. A reservation that a late journey makes for an order that ended runs out by
 * itself.
 */
const orderReactions = (context: Context): Reaction[] => {
  const orders = context.client(ordersContract);
  return NEWS.map((type) =>
    react<typeof ordersContract, typeof type, OrderFacts | undefined>(
      ordersContract,
      type,
      async (_event, tx, facts) => {
        if (facts) await followOrder(tx, facts, `event:${type}`);
      },
      ({ data }) => readOrderFacts(orders, data.orderId),
    ),
  );
};

/** Titles of products make news of stock readable. */
const titleReactions = (['product.created', 'product.updated', 'product.published'] as const).map((type) =>
  react(catalogContract, type, async ({ data: { productId, version, title, skus } }, tx) => {
    const inOneLanguage = title['en'] ?? Object.values(title)[0];
    if (inOneLanguage !== undefined && skus.length > 0)
      await writeTitle(tx, { productId, version, title: inOneLanguage, skus });
  }),
);

/** Follows what orders ship and end, and the titles of products. */
export const reactions = (context: Context): Reaction[] => [...orderReactions(context), ...titleReactions];
