import type { Context } from '../context.ts';
import { PspRefusal, type Psp, type PspRequest, type PspTruth } from '../psp/port.ts';
import { beginAttempt, findAuthorization, type Attempt } from '../store/operations.ts';
import { settlePart } from './settle.ts';

/**
 * Asks a provider for a movement and keeps its answer. Safe at any time, in any process and after any crash: the
 * movement was written before, the provider does one thing for its id, and what may have been asked before is looked
 * up first. Without an answer the movement stays open, and a job tries again.
 */
export const perform = async (context: Context, operationId: string): Promise<void> => {
  const attempt = await beginAttempt(context.database, operationId, context.now());
  if (!attempt) return;
  const truth = await truthOf(context, attempt);
  if (truth) await settlePart(context, attempt, truth);
};

/** Asks a part's provider how its payment stands, and keeps the answer. */
export const check = async (context: Context, partId: string): Promise<void> => {
  const authorization = await findAuthorization(context.database, partId);
  if (!authorization) return;
  const truth = await providerOf(context, authorization).find(requestOf(authorization));
  if (truth) await settlePart(context, authorization, truth);
};

const truthOf = async (context: Context, attempt: Attempt): Promise<PspTruth | undefined> => {
  const provider = providerOf(context, attempt);
  const request = requestOf(attempt);
  try {
    const known = attempt.attempts > 1 ? await provider.find(request) : undefined;
    return known && says(known, request) ? known : await provider.send(request);
  } catch (error) {
    if (error instanceof PspRefusal) return refusalOf(request, error.failure);
    const { id, kind, provider: name } = attempt;
    context.log.warn(
      { err: error, operation: id, kind, provider: name },
      'a provider gave no answer and is asked again',
    );
    return found(provider, request);
  }
};

/** After a time-out: what became of it, if the provider can be asked now. */
const found = async (provider: Psp, request: PspRequest): Promise<PspTruth | undefined> => {
  const truth = await provider.find(request).catch(() => undefined);
  return truth && says(truth, request) ? truth : undefined;
};

/** True when an answer tells what became of this request. */
const says = (truth: PspTruth, { key, kind }: PspRequest): boolean =>
  kind === 'authorize'
    ? truth.key === key && truth.status !== 'unknown' && truth.status !== 'processing'
    : truth.movements.some((movement) => movement.key === key && movement.status !== 'pending');

const refusalOf = ({ key, kind, authorization }: PspRequest, failure: string): PspTruth => ({
  key: authorization.key,
  paymentId: authorization.paymentId,
  status: kind === 'authorize' ? 'failed' : 'unknown',
  failure,
  movements: kind === 'authorize' ? [] : [{ key, status: 'failed', failure }],
});

const providerOf = ({ providers }: Context, { provider, paymentId }: Attempt): Psp => {
  const psp = providers.get(provider);
  if (!psp) throw new Error(`Payment ${paymentId} belongs to the provider ${provider}, which is not set up here`);
  return psp;
};

const requestOf = (attempt: Attempt): PspRequest => ({
  key: attempt.id,
  kind: attempt.kind,
  amount: attempt.amount,
  currency: attempt.currency,
  final: attempt.final,
  authorization: { key: attempt.authorizationId, paymentId: attempt.providerPaymentId },
  payment: attempt.paymentId,
  customerId: attempt.customerId,
  token: attempt.token,
  returnUrl: attempt.returnUrl,
  reason: attempt.reason,
});
