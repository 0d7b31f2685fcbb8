import type { Client } from '../../chassis/client.ts';
import { command } from '../../chassis/http/command.ts';
import { Problem } from '../../chassis/problem.ts';
import { customersContract } from '../../customers/contract.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import { provedEmail, type Claimant } from '../policy/link.ts';
import { lockGuestOrders, setCustomer } from '../store/link.ts';
import { lockHead, saveHead, type OrderHead } from '../store/order-head.ts';
import { findParts, toOrder } from '../store/order.ts';
import { actorOf, shownTo } from './access.ts';
import { ownerFor } from './cart-state.ts';
import { about, blankEntry, orderNotFound } from './change.ts';

const MOST = 200;

type Errors = Pick<Failures<'linkOrder'>, 'CUSTOMER_NOT_FOUND' | 'EMAIL_NOT_VERIFIED'>;
interface Linked {
  orderId: string;
  number: string;
}

/** Guest orders become a customer's: by the address that the customer proved, or one by one by staff. */
export const linkHandlers = (context: Context): Pick<Handlers, 'claimOrders' | 'linkOrder'> => {
  const customers = context.client(customersContract);
  return {
    claimOrders: command({
      prepare: async ({ customerId }, { caller, errors }) => {
        const owner = ownerFor(caller, customerId);
        if (owner === null)
          throw errors.CUSTOMER_REQUIRED(
            'Name the customer whose orders these are, or ask with that customer’s token.',
          );
        return { owner, email: await requireProved(customers, owner, errors) };
      },
      commit: async (tx, _input, { caller }, { owner, email }) => ({
        orders: await linkByEmail(tx, { customerId: owner, email, actor: actorOf(caller), now: context.now() }),
      }),
    }),

    linkOrder: command({
      prepare: ({ customerId }, { errors }) => requireProved(customers, customerId, errors),
      commit: async (tx, { orderId, customerId, reason }, { caller, errors }) => {
        const head = await lockHead(tx, orderId);
        if (!head) throw orderNotFound(errors, orderId);
        if (head.customerId !== null && head.customerId !== customerId)
          throw errors.NOT_A_GUESTS(
            `Order ${head.number} belongs to the customer ${head.customerId}. Only a guest’s order can be linked; merge the customers instead.`,
            { customerId: head.customerId },
          );
        const by = { customerId, actor: actorOf(caller), reason, now: context.now() };
        const linked = head.customerId === null ? await link(tx, head, by) : head;
        return shownTo(caller, toOrder(linked, await findParts(tx, linked)));
      },
    }),
  };
};

/** The customer's proved address. Throws when there is no such customer or nothing is proved. */
const requireProved = async (
  customers: Client<typeof customersContract>,
  customerId: string,
  errors: Errors,
): Promise<string> => {
  const claimant = await findClaimant(customers, customerId);
  if (!claimant)
    throw errors.CUSTOMER_NOT_FOUND(`There is no customer ${customerId}. List the customers to find the right id.`);
  const email = provedEmail(claimant);
  if (email === undefined)
    throw errors.EMAIL_NOT_VERIFIED(
      `The customer ${customerId} has no verified e-mail address. Verify it first: anybody can write any address.`,
    );
  return email;
};

export const findClaimant = (
  customers: Client<typeof customersContract>,
  customerId: string,
): Promise<Claimant | undefined> =>
  customers.getCustomer({ customerId }).catch((error: unknown) => {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  });

interface LinkBy {
  customerId: string;
  actor: string;
  now: Date;
  reason?: string;
}

/** Links guest orders that were placed with an address, a bounded number of them, and returns which. */
export const linkByEmail = async (tx: Tx, { email, ...by }: LinkBy & { email: string }): Promise<Linked[]> => {
  const linked: Linked[] = [];
  for (const orderId of await lockGuestOrders(tx, email, MOST)) {
    const head = await lockHead(tx, orderId);
    if (head) linked.push({ orderId, number: (await link(tx, head, by)).number });
  }
  return linked;
};

const link = async (tx: Tx, head: OrderHead, { customerId, actor, reason, now }: LinkBy): Promise<OrderHead> => {
  await setCustomer(tx, head.id, customerId);
  const entry = blankEntry(actor, {
    kind: 'note',
    title: 'Linked to customer',
    reason: reason ?? null,
    reference: customerId,
    visible: false,
  });
  const linked = await saveHead(tx, { ...head, customerId }, [entry], now.toISOString());
  tx.append('order.linked', head.id, { ...about(linked), actor });
  return linked;
};
