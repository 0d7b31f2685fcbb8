import type { Context, Tx } from '../context.ts';
import { forgetAbandoned, letGoLater, takeAbandoned } from '../store/abandoned-orders.ts';
import {
  lockBargain,
  lockDueBargain,
  saveBargain,
  settleBargainLater,
  takeBargainsToSettle,
  takeExpiringBargains,
  type BargainRow,
} from '../store/bargains.ts';
import { giveUpPurchase } from './bargain-purchase.ts';
import { aboutBargain } from './bargain-views.ts';
import { isFinal, letterGo, payer, RETRY, type HeldPurchase } from './purchase.ts';

/** Ends a bargain that nobody buys. Called under its lock. */
export const lapse = async (tx: Tx, row: BargainRow, at: Date): Promise<void> => {
  const lapsed: BargainRow = { ...row, state: 'lapsed' };
  await saveBargain(tx, lapsed, at);
  tx.append('bargain.lapsed', row.id, aboutBargain(lapsed));
};

/** Ends the bargain whose time is up first; true when there may be more. */
export const lapseDue = async (tx: Tx, at: Date): Promise<boolean> => {
  const row = await lockDueBargain(tx, at);
  if (row) await lapse(tx, row, at);
  return row !== undefined;
};

const BATCH = 50;

/** Reports bargains that end soon; true when there may be more. */
export const tellExpiringBargains = async (tx: Tx, at: Date, leadMs: number): Promise<boolean> => {
  const rows = await takeExpiringBargains(tx, at, new Date(at.getTime() + leadMs), BATCH);
  for (const row of rows) tx.append('bargain.expiring', row.id, aboutBargain(row));
  return rows.length === BATCH;
};

/**
 * Makes the orders of bargains that are bought, and gives up purchases that were not finished; true when there may be
 * more.
 */
export const bargainSettler = (context: Context) => {
  const make = orderMaker(context);
  return async (): Promise<boolean> => {
    const at = context.now();
    const rows = await context.commit((tx) => takeBargainsToSettle(tx, at, RETRY.takenUntil(at), RETRY.batch));
    await Promise.all(
      rows.map(async (row) => {
        try {
          await (row.state === 'paying' ? make(row) : context.commit((tx) => giveUpPurchase(tx, row, context.now())));
        } catch (error) {
          context.log.warn({ err: error, bargainId: row.id }, 'a bargain could not be settled and will be tried again');
          await settleBargainLater(context.database, row.id, RETRY.after(context.now(), row.attempts));
        }
      }),
    );
    return rows.length === RETRY.batch;
  };
};

const orderMaker = (context: Context) => {
  const pay = payer(context);
  return async (row: BargainRow): Promise<void> => {
    const purchase = heldBy(row);
    const { orderId } = purchase;
    try {
      const paid = await pay(purchase);
      await context.commit((tx) => bought(tx, row, paid, context.now()));
    } catch (error) {
      if (!isFinal(error)) throw error;
      await context.commit(async (tx) => {
        const before = await giveUpPurchase(tx, row, context.now());
        if (before) tx.append('bargain.refused', row.id, { ...aboutBargain(before), orderId, code: error.code });
      });
    }
  };
};

const bought = async (tx: Tx, { id, orderId }: BargainRow, paid: number, at: Date): Promise<void> => {
  const row = await lockBargain(tx, id);
  if (row?.state !== 'paying' || row.orderId !== orderId || orderId === null) return;
  const after: BargainRow = { ...row, state: 'bought', paid };
  await saveBargain(tx, after, at);
  tx.append('bargain.bought', id, { ...aboutBargain(after), orderId, paid: { amount: paid, currency: row.currency } });
};

const heldBy = ({ id, orderId, quoteId, holdId, reservationId, price, currency }: BargainRow): HeldPurchase => {
  if (orderId === null || quoteId === null || holdId === null || reservationId === null)
    throw new Error(`Bargain ${id} is paid without money and stock`);
  return { key: orderId, orderId, quoteId, holdId, reservationId, price, currency };
};

/** Lets go what is held for orders that did not come about; true when there may be more. */
export const abandonedReleaser = (context: Context) => {
  const letGo = letterGo(context);
  return async (): Promise<boolean> => {
    const at = context.now();
    const orders = await context.commit((tx) => takeAbandoned(tx, at, RETRY.takenUntil(at), RETRY.batch));
    for (const { orderId, attempts } of orders) {
      try {
        await letGo(orderId, { key: orderId, cancelOrder: true });
        await forgetAbandoned(context.database, orderId);
      } catch (error) {
        context.log.warn({ err: error, orderId }, 'what is held for an order could not be let go; tried again');
        await letGoLater(context.database, orderId, RETRY.after(context.now(), attempts));
      }
    }
    return orders.length === RETRY.batch;
  };
};
