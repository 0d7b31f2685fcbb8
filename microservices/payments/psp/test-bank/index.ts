import { randomBytes } from 'node:crypto';
import type { Psp, PspRequest, PspTruth } from '../port.ts';
import { moveMoney, openPayment, type Bank } from './bank.ts';
import { decideDispute, disputesAt } from './disputes.ts';
import { reportOf } from './report.ts';
import { losesAnswers } from './cards.ts';
import { readSigned, SIGNATURE, signature } from './notices.ts';
import { movementsOf, paymentByKey, takeDueNotices, findPayment, type BankPayment } from './store.ts';

export const TEST_BANK = 'test-bank';

/** The answer was lost on its way, after the bank had acted. */
class AnswerLost extends Error {}

/** Where the bank delivers its notices. */
export type Deliver = (body: Buffer, headers: Record<string, string>) => Promise<void>;

export interface TestBank extends Psp {
  /** Delivers notices that are due; true when there may be more. */
  deliver(to: Deliver): Promise<boolean>;
}

const BATCH = 50;

/** The embedded payment provider: test cards only, with the ways in which real providers fail. */
export const testBank = (
  bank: Bank,
  { publicUrl, secret, settlesIn }: { publicUrl: string; secret: string; settlesIn: string | undefined },
): TestBank => ({
  send: async (request) => {
    const isFirst = !(await isKnown(bank, request));
    await (request.kind === 'authorize' ? openPayment(bank, request) : moveMoney(bank, request));
    const payment = await paymentByKey(bank.database, request.authorization.key);
    if (isFirst && losesAnswers(payment?.behaviour ?? null))
      throw new AnswerLost('the test bank gave no answer in time');
    const truth = await truthOf(bank, request, publicUrl);
    if (!truth) throw new Error('the test bank lost a payment');
    return truth;
  },

  submitEvidence: (disputeId, evidence) => decideDispute(bank.database, disputeId, evidence, bank.now()),

  report: (from, to) => reportOf(bank.database, { from, to, settlesIn }),

  find: (request) => truthOf(bank, request, publicUrl),

  readNotice: (body, headers) => readSigned(secret, body.toString('utf8'), headers[SIGNATURE], bank.now()),

  deliver: async (to) => {
    const due = await takeDueNotices(bank.database, bank.now(), BATCH);
    for (const { id, paymentId } of due) {
      const payment = await findPayment(bank.database, paymentId);
      if (!payment) continue;
      const body = JSON.stringify({ id, paymentId, key: payment.key });
      await to(Buffer.from(body), { [SIGNATURE]: signature(secret, body, bank.now()) });
    }
    return due.length === BATCH;
  },
});

/** A key for signing notices within one process. */
export const freshSecret = (): string => randomBytes(32).toString('hex');

const isKnown = async ({ database }: Bank, { key, kind, authorization }: PspRequest): Promise<boolean> => {
  const payment = await paymentByKey(database, authorization.key);
  if (!payment) return false;
  return kind === 'authorize' || (await movementsOf(database, payment.id)).some((one) => one.key === key);
};

const truthOf = async (
  { database, now }: Bank,
  { authorization }: PspRequest,
  publicUrl: string,
): Promise<PspTruth | undefined> => {
  const payment = await paymentByKey(database, authorization.key);
  if (!payment) return undefined;
  const movements = await movementsOf(database, payment.id);
  return {
    key: payment.key,
    paymentId: payment.id,
    status: payment.status,
    movements: movements.map(({ key, status, failure }) => ({ key, status, failure: failure ?? undefined })),
    action: payment.status === 'requires_action' ? { url: pageOf(payment, publicUrl), clientSecret: null } : undefined,
    failure: payment.failure ?? undefined,
    expiresAt: payment.expiresAt,
    disputes: await disputesAt(database, payment.id, now()),
    card: payment.last4 === null ? undefined : { brand: payment.brand ?? 'card', last4: payment.last4 },
  };
};

export const PAGE = '/test-bank/payments';
const pageOf = ({ id, secret }: BankPayment, publicUrl: string): string =>
  `${publicUrl.replace(/\/$/, '')}${PAGE}/${id}/${secret}`;
