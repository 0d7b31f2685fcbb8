import type { Client } from '../../chassis/client.ts';
import { Problem } from '../../chassis/problem.ts';
import type { walletContract } from '../../wallet/contract.ts';
import { PspRefusal, type Psp, type PspRequest, type PspTruth } from './port.ts';

type Wallet = Client<typeof walletContract>;

/**
 * The shop's own wallet: holds under the payment's id. The wallet keeps the answer to a key for a day, and refunds by
 * their reference for good, so that asking again is finding out.
 */
export const walletPsp = (wallet: Wallet): Psp => ({
  send: async (request) => {
    try {
      return await STEPS[request.kind](wallet, request);
    } catch (error) {
      throw error instanceof Problem && isNo(error) ? new PspRefusal(error.code.toLowerCase()) : error;
    }
  },
  find: async () => undefined,
});

/** The wallet's no, as opposed to a time-out or a request that is still being worked on. */
const isNo = ({ status, code }: Problem): boolean =>
  [402, 404, 409, 422, 423].includes(status) && code !== 'IDEMPOTENCY_IN_FLIGHT';

/** A hold outlives every payment, whose own expiry sets it free. Constant, so that a repeat asks for the same. */
const HOLD_SECONDS = 31_536_000;

const STEPS: Record<PspRequest['kind'], (wallet: Wallet, request: PspRequest) => Promise<PspTruth>> = {
  authorize: async (wallet, { key, customerId, amount, currency, payment }) => {
    if (customerId === null) throw new PspRefusal('owner_not_found');
    const hold = await wallet.authorizeHold(
      {
        ownerId: customerId,
        amount: { amount, currency },
        reference: payment,
        expiresInSeconds: HOLD_SECONDS,
      },
      { idempotencyKey: key },
    );
    return { key, paymentId: hold.id, status: 'authorized', movements: [] };
  },
  capture: async (wallet, request) => {
    const { key, amount, currency, final } = request;
    await wallet.captureHold({ holdId: holdOf(request), amount: { amount, currency }, final }, { idempotencyKey: key });
    return moved(request);
  },
  void: async (wallet, request) => {
    await wallet.voidHold({ holdId: holdOf(request) }, { idempotencyKey: request.key });
    return moved(request);
  },
  refund: async (wallet, request) => {
    const { key, amount, currency, reason } = request;
    await wallet.refundCapture(
      {
        holdId: holdOf(request),
        amount: { amount, currency },
        reason: reason ?? 'Refund of a payment',
        reference: key,
      },
      { idempotencyKey: key },
    );
    return moved(request);
  },
};

const holdOf = ({ authorization: { paymentId }, payment }: PspRequest): string => {
  if (paymentId === null) throw new Error(`The hold of payment ${payment} is not known`);
  return paymentId;
};

const moved = ({ key, authorization }: PspRequest): PspTruth => ({
  key: authorization.key,
  paymentId: authorization.paymentId,
  status: 'unknown',
  movements: [{ key, status: 'succeeded' }],
});
