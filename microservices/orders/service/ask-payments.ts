import type { OutputOf, PayloadOf } from '../../chassis/contract/index.ts';
import { orMissing } from '../../chassis/problem.ts';
import { paymentsContract } from '../../payments/contract.ts';
import type { Context } from '../context.ts';

type Told<Name extends keyof (typeof paymentsContract)['events']> = PayloadOf<typeof paymentsContract, Name>;
export type Payment = OutputOf<typeof paymentsContract, 'getPayment'>;

/** What was given back for one reference. */
export interface Refunded {
  orderId: string;
  holdId: string;
  refundReference: string;
  amount: number;
}

/**
 * Asks payments whether what their events say of an order's money is so: who can write to the topic, but is not
 * payments, changes nothing.
 */
export const askPayments = (context: Pick<Context, 'client'>) => {
  const payments = context.client(paymentsContract);
  const paymentOf = async ({ paymentId, orderId }: { paymentId: string; orderId: string | null }) =>
    orderId === null ? undefined : orMissing(payments.getPayment({ paymentId }));
  return {
    paymentOf,
    /** A refund that is split over parts counts once, when all of it is there. */
    refundOf: async (told: Told<'payment.refunded'>): Promise<Refunded | undefined> => {
      const payment = await paymentOf(told);
      const { refundReference } = told;
      const ofThis =
        payment?.operations.filter((one) => one.kind === 'refund' && one.reference === refundReference) ?? [];
      const made = ofThis.filter(({ state }) => state === 'succeeded');
      const isLast = made.length === ofThis.length && made.at(-1)?.id === told.operationId;
      if (!payment?.orderId || !isLast) return undefined;
      const amount = made.reduce((sum, one) => sum + one.amount.amount, 0);
      return { orderId: payment.orderId, holdId: payment.id, refundReference, amount };
    },
    isRefused: async (told: Told<'payment.movement_refused'>): Promise<boolean> => {
      const payment = told.kind === 'refund' ? await paymentOf(told) : undefined;
      return payment?.operations.some(({ id, state }) => id === told.operationId && state === 'failed') ?? false;
    },
  };
};
