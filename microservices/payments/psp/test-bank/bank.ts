import { randomBytes } from 'node:crypto';
import type { Database, Queryable } from '../../../chassis/database/index.ts';
import { newId } from '../../../chassis/ids.ts';
import type { PspRequest } from '../port.ts';
import { cardOfToken, isUnruly, type TestCard } from './cards.ts';
import { decideMovement } from './decide.ts';
import { openDispute } from './disputes.ts';
import * as store from './store.ts';

/** The bank's own business: it knows nothing of payments' tables. */
export interface Bank {
  database: Database;
  now: () => Date;
}

const HOLD_DAYS = 7;
const DAY = 86_400_000;

/** Takes in a payment once for its key. Without a card the bank's page asks for one. */
export const openPayment = ({ database, now }: Bank, request: PspRequest): Promise<void> =>
  database.transaction(async (tx) => {
    const at = now();
    const card = request.token === null ? undefined : cardOfToken(request.token);
    const opened: store.BankPayment = {
      id: newId('bpm'),
      key: request.key,
      secret: randomBytes(16).toString('hex'),
      amount: request.amount,
      currency: request.currency,
      status: 'requires_action',
      behaviour: null,
      brand: null,
      last4: null,
      captured: 0,
      refunded: 0,
      failure: null,
      returnUrl: request.returnUrl,
      expiresAt: new Date(at.getTime() + HOLD_DAYS * DAY).toISOString(),
      createdAt: at.toISOString(),
    };
    const named =
      request.token === null
        ? opened
        : card
          ? withCard(opened, card, at)
          : { ...opened, status: 'failed' as const, failure: 'unknown_token' };
    if (await store.insertPayment(tx, named)) await notify(tx, named, named.status, at);
  });

/** The payment after its customer has named a card. */
export const withCard = (payment: store.BankPayment, card: TestCard, at: Date): store.BankPayment => {
  const known = { ...payment, behaviour: card.behaviour, brand: 'visa', last4: card.number.slice(-4), failure: null };
  switch (card.behaviour) {
    case 'declines':
      return { ...known, status: 'failed', failure: 'card_declined' };
    case 'lacks_funds':
      return { ...known, status: 'failed', failure: 'insufficient_funds' };
    case 'asks':
      return { ...known, status: 'requires_action' };
    case 'hold_ends':
      return { ...known, status: 'authorized', expiresAt: at.toISOString() };
    default:
      return { ...known, status: 'authorized' };
  }
};

/** Captures, voids or refunds, once for its key; refused when the payment does not allow it. */
export const moveMoney = ({ database, now }: Bank, request: PspRequest): Promise<void> =>
  database.transaction(async (tx) => {
    const payment = await store.lockPaymentByKey(tx, request.authorization.key);
    if (!payment) throw new Error(`The test bank knows no payment for ${request.authorization.key}`);
    if ((await store.movementsOf(tx, payment.id)).some(({ key }) => key === request.key)) return;
    const at = now();
    const { after, failure } = decideMovement(payment, request, at);
    const { key, kind, amount } = request;
    const movement = { key, paymentId: payment.id, kind, amount };
    await store.insertMovement(tx, { ...movement, status: failure === null ? 'succeeded' : 'failed', failure }, at);
    await store.savePayment(tx, after);
    if (after.behaviour === 'disputes' && kind === 'capture' && failure === null)
      await openDispute(tx, after, amount, at);
    await notify(tx, after, `${kind} ${failure ?? 'succeeded'}`, at);
  });

/** A change that the customer makes on the bank's page. Undefined when there is no such payment. */
export const actOnPage = (
  { database, now }: Bank,
  id: string,
  act: (payment: store.BankPayment, at: Date) => store.BankPayment,
): Promise<store.BankPayment | undefined> =>
  database.transaction(async (tx) => {
    const payment = await store.lockPayment(tx, id);
    if (!payment || payment.status !== 'requires_action') return payment;
    const at = now();
    const after = act(payment, at);
    await store.savePayment(tx, after);
    if (after.status !== payment.status) await notify(tx, after, after.status, at);
    return after;
  });

/** Tells the shop, once and at once, or for unruly cards late, twice and out of order. */
const notify = async (tx: Queryable, payment: store.BankPayment, what: string, at: Date): Promise<void> => {
  const unruly = isUnruly(payment.behaviour);
  // The earlier a notice was made, the later it comes: their order is turned round.
  const late = unruly ? Math.max(500, 3_000 - (at.getTime() - Date.parse(payment.createdAt))) : 0;
  await store.insertNotice(tx, {
    id: newId('bnt'),
    paymentId: payment.id,
    what,
    deliveries: unruly ? 2 : 1,
    dueAt: new Date(at.getTime() + late),
  });
};
