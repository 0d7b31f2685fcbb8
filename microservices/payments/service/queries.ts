import { z } from 'zod';
import { mayActFor } from '../../chassis/auth/authorize.ts';
import { readCursor, toPage } from '../../chassis/cursor.ts';
import { walletContract } from '../../wallet/contract.ts';
import type { Context, Handlers } from '../context.ts';
import { paymentId } from '../contract/values.ts';
import { countUnsettled, paymentProblems, postedTotals } from '../store/audit.ts';
import { findWhole, listPayments } from '../store/payments.ts';
import { noPayment, shownPayment, shownSummary } from './shown.ts';

export const queryHandlers = (context: Context): Pick<Handlers, 'getPayment' | 'listPayments' | 'auditPayments'> => {
  const { database } = context;
  return {
    getPayment: async ({ paymentId: id }, { caller, errors }) => {
      const whole = await findWhole(database, id);
      if (!whole || !mayActFor(caller, whole.payment.customerId)) throw noPayment(id, errors);
      return shownPayment(whole);
    },

    listPayments: async ({ cursor, ...filter }) => {
      const before = readCursor(cursor, z.tuple([paymentId]));
      return toPage(await listPayments(database, filter, before?.[0]), filter.limit, ({ id }) => [id], shownSummary);
    },

    auditPayments: audit(context),
  };
};

/** The platform's own accounts that only payments post to: their totals are what payments say they posted. */
const OWN_BOOKS = ['card_clearing', 'cash_clearing', 'psp_fees', 'chargebacks', 'exchange'];

const audit = (context: Context): Handlers['auditPayments'] => {
  const wallet = context.client(walletContract);
  return async () => {
    const { database } = context;
    const [counts, problems, posted] = [
      await countUnsettled(database),
      await paymentProblems(database),
      await postedTotals(database),
    ];
    const { items } = await wallet.listSystemAccounts({});
    const differences = posted
      .filter(({ name }) => OWN_BOOKS.includes(name))
      .flatMap(({ name, currency, debits, credits }) => {
        const book = items.find((item) => item.name === name && item.currency === currency);
        const [inWallet, here] = [`${book?.debits ?? 0} and ${book?.credits ?? 0}`, `${debits} and ${credits}`];
        return inWallet === here ? [] : [`${name} in ${currency}: payments posted ${here}, the wallet has ${inWallet}`];
      });
    const all = [...problems, ...differences].slice(0, 100);
    return { consistent: all.length === 0, ...counts, problems: all };
  };
};
