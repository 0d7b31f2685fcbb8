import { isCalledOff, type OrderState } from './states.ts';

/** The facts about an order that decide whether the person who placed it can be erased. */
export interface OpenOrder {
  number: string;
  state: OrderState;
  /** Cash that the courier still has to collect. */
  cashDue: boolean;
  /** A refund was issued and not paid back yet. */
  refundOpen: boolean;
}

/** Numbers of orders in a reason at most; it has to fit into 500 characters. */
const NAMED = 5;

const namesOf = (orders: readonly OpenOrder[]): string => {
  const named = orders.slice(0, NAMED).map(({ number }) => number);
  const others = orders.length - named.length;
  const list = others > 0 ? `${named.join(', ')} and ${others} more` : named.join(', ');
  return `${orders.length === 1 ? 'Order' : 'Orders'} ${list}`;
};

const isUnshipped = ({ state }: OpenOrder): boolean =>
  !isCalledOff(state) && state !== 'fulfilled' && state !== 'delivered' && state !== 'closed';

const KINDS: readonly { fits: (order: OpenOrder) => boolean; says: string }[] = [
  { fits: isUnshipped, says: 'not shipped completely. Ship, cancel or reject.' },
  {
    fits: (order) => order.state === 'fulfilled' && order.cashDue,
    says: 'with cash to collect. Mark delivered or close.',
  },
  { fits: ({ refundOpen }) => refundOpen, says: 'with a refund that is not paid back yet. The wallet reports it.' },
];

/** Why the erasure of who placed these orders has to wait, and what ends that; undefined when it need not. */
export const whyErasureWaits = (orders: readonly OpenOrder[]): string | undefined => {
  const reasons = KINDS.flatMap(({ fits, says }) => {
    const open = orders.filter(fits);
    return open.length > 0 ? [`${namesOf(open)}: ${says}`] : [];
  });
  return reasons.length > 0 ? reasons.join(' ') : undefined;
};
