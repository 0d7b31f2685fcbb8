import type { InputOf, OutputOf } from '../../chassis/contract/index.ts';
import { mayActFor } from '../../chassis/auth/authorize.ts';
import type { Caller } from '../../chassis/auth/caller.ts';
import { command } from '../../chassis/http/command.ts';
import { newId } from '../../chassis/ids.ts';
import { inWords } from '../../chassis/money.ts';
import { orMissing } from '../../chassis/problem.ts';
import { ordersContract } from '../../orders/contract.ts';
import type { Context, Failures, Handlers } from '../context.ts';
import type { paymentsContract } from '../contract.ts';
import type { Method } from '../contract/values.ts';
import type { Part, Payment } from '../policy/model.ts';
import { splitAmount } from '../policy/split.ts';
import { findLive, lockPayable, saveWhole } from '../store/payments.ts';
import { shownPayment } from './shown.ts';

type Input = InputOf<typeof paymentsContract, 'createPayment'>;
type Errors = Failures<'createPayment'>;
type Order = OutputOf<typeof ordersContract, 'getOrder'>;

/** Who pays how much, as the order or the request says it. */
interface Terms {
  customerId: string | null;
  amount: number;
  currency: string;
}

export const createPayment = (context: Context): Handlers['createPayment'] => {
  const orders = context.client(ordersContract);
  return command({
    read: async (input, { caller, errors }): Promise<Terms> => {
      if (input.orderId === undefined) return termsOfCart(input, caller, errors);
      const order = await orMissing(orders.getOrder({ orderId: input.orderId }));
      if (!order || !mayActFor(caller, order.customerId))
        throw errors.ORDER_NOT_FOUND(
          `There is no order ${input.orderId} to pay. List the orders to find the right id.`,
          { orderId: input.orderId },
        );
      return termsOfOrder(order, input, errors);
    },

    commit: async (tx, input, { errors }, terms) => {
      await lockPayable(tx, input.orderId ?? input.cartId ?? '');
      const standing = await findLive(tx, { orderId: input.orderId, cartId: input.cartId });
      if (standing)
        throw errors.ALREADY_BEING_PAID(
          `${input.orderId ?? input.cartId ?? ''} is paid by ${standing.id}, which is ${standing.state.replaceAll('_', ' ')}. Go on with it, or void it first.`,
          { paymentId: standing.id, state: standing.state },
        );
      const at = context.now();
      const payment = newPayment(input, terms, at, context.settings.pendingMinutes);
      const whole = { payment, parts: partsOf(context, payment, input, errors), operations: [] };
      await saveWhole(tx, whole);
      const { id: paymentId, orderId, cartId, customerId } = payment;
      const amount = { amount: payment.amount, currency: payment.currency };
      tx.append('payment.created', paymentId, { paymentId, orderId, cartId, customerId, amount });
      return shownPayment(whole);
    },
  });
};

const termsOfCart = ({ cartId, customerId, amount }: Input, caller: Caller, errors: Errors): Terms => {
  if (!amount)
    throw errors.NOTHING_TO_PAY(`A payment for the cart ${cartId ?? ''} needs its amount. Name it.`, { payable: null });
  if (caller.kind === 'customer' && customerId !== caller.customerId)
    throw errors.ORDER_NOT_FOUND('A payment for your cart names you as the customer.', { orderId: cartId ?? '' });
  return { customerId: customerId ?? null, ...amount };
};

const ENDED = ['cancelled', 'rejected'];

const termsOfOrder = ({ number, customerId, state, totals }: Order, { amount }: Input, errors: Errors): Terms => {
  const { grandTotal } = totals;
  if (amount && amount.currency !== grandTotal.currency)
    throw errors.CURRENCY_MISMATCH(`Order ${number} is in ${grandTotal.currency}, not in ${amount.currency}.`, {
      expected: grandTotal.currency,
      given: amount.currency,
    });
  if (ENDED.includes(state) || grandTotal.amount === 0)
    throw errors.NOTHING_TO_PAY(`Order ${number} is ${state} and comes to ${inWords(grandTotal)}: nothing is paid.`, {
      payable: null,
    });
  if (amount && amount.amount > grandTotal.amount)
    throw errors.NOTHING_TO_PAY(
      `Order ${number} comes to ${inWords(grandTotal)}, less than ${inWords(amount)}. Leave the amount out to pay all of it.`,
      { payable: grandTotal },
    );
  return { customerId, ...(amount ?? grandTotal) };
};

const newPayment = ({ orderId, cartId }: Input, terms: Terms, at: Date, pendingMinutes: number): Payment => ({
  id: newId('pay'),
  orderId: orderId ?? null,
  cartId: cartId ?? null,
  ...terms,
  authorized: 0,
  captured: 0,
  refunded: 0,
  disputed: 0,
  state: 'pending',
  live: true,
  announced: false,
  giveBack: null,
  expiresAt: new Date(at.getTime() + pendingMinutes * 60_000).toISOString(),
  createdAt: at.toISOString(),
});

const partsOf = (
  context: Context,
  { id, amount, currency, customerId }: Payment,
  input: Input,
  errors: Errors,
): Part[] => {
  const wanted = input.parts;
  const foreign = wanted.find((part) => part.amount && part.amount.currency !== currency)?.amount;
  if (foreign)
    throw errors.CURRENCY_MISMATCH(`The payment is in ${currency}, a part in ${foreign.currency}.`, {
      expected: currency,
      given: foreign.currency,
    });
  if (customerId === null && wanted.some(({ method }) => method === 'wallet'))
    throw errors.CUSTOMER_NEEDED('Nobody is named whose wallet could pay. Name the customer, or pay another way.');
  const amounts = splitAmount(
    amount,
    wanted.map((part) => ({ amount: part.amount?.amount, weight: part.weight })),
    currency,
  );
  const fixed = wanted.reduce((sum, part) => sum + (part.amount?.amount ?? 0), 0);
  if (!amounts)
    throw errors.SPLIT_DOES_NOT_ADD_UP(
      `The parts do not add up to ${inWords({ amount, currency })}, with something for each: ${inWords({ amount: fixed, currency })} is fixed.`,
      { amount: { amount, currency }, fixed: fixed > 0 ? { amount: fixed, currency } : null },
    );
  return wanted.map(({ method }, position) => newPart(context, id, method, amounts[position] ?? 0, position));
};

const newPart = (context: Context, paymentId: string, method: Method, amount: number, position: number): Part => ({
  id: newId('prt'),
  paymentId,
  position,
  method,
  provider: method === 'card' ? context.cardProvider : method === 'wallet' ? 'wallet' : 'cash',
  amount,
  authorized: 0,
  captured: 0,
  refunded: 0,
  state: 'pending',
  providerPaymentId: null,
  actionUrl: null,
  actionSecret: null,
  failure: null,
  cardBrand: null,
  cardLast4: null,
  expiresAt: null,
  checkAt: null,
});
