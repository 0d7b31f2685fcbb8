import { after } from '../../chassis/state-machine.ts';
import type { PspMovement, PspTruth } from '../psp/port.ts';
import { isOpen, type Operation, type Part, type Payment, type Whole } from './model.ts';
import { hasEnded, isHeld, isLive, partStates, paymentStateOf, type PartMove } from './states.ts';

/** What happened to a payment, to be announced and posted. */
export type Happening =
  | { kind: 'authorized' }
  | { kind: 'action_required' | 'declined'; part: Part }
  | { kind: 'captured' | 'refunded'; part: Part; operation: Operation }
  | { kind: 'refused'; part: Part; operation: Operation }
  | { kind: 'voided' | 'expired' };

export interface Settled extends Whole {
  happenings: readonly Happening[];
}

interface Step {
  part: Part;
  operations: Operation[];
  happenings: Happening[];
}

/**
 * Brings one part up to what its provider says. Safe to repeat and to come late or out of order: only movements that
 * are still open change, and states only move as the table allows.
 */
export const settle = (whole: Whole, partId: string, truth: PspTruth, at: string): Settled => {
  const known = whole.parts.find(({ id }) => id === partId);
  if (!known) throw new Error(`Payment ${whole.payment.id} has no part ${partId}`);
  const before: Step = {
    part: known,
    operations: whole.operations.filter((one) => one.partId === partId),
    happenings: [],
  };
  const open = before.operations.filter(isOpen);
  const settled = open.reduce((step, operation) => settleOne(step, operation, truth, at), before);
  const ended = endedByProvider(settled, truth, at);
  const operations = whole.operations.map((one) => ended.operations.find(({ id }) => id === one.id) ?? one);
  const part = { ...ended.part, checkAt: awaits(ended) ? ended.part.checkAt : null };
  return summed({
    payment: whole.payment,
    parts: whole.parts.map((one) => (one.id === partId ? part : one)),
    operations,
    happenings: ended.happenings,
  });
};

const awaits = ({ operations }: Step): boolean => operations.some(({ state }) => state === 'waiting');

const settleOne = (step: Step, operation: Operation, truth: PspTruth, at: string): Step =>
  operation.kind === 'authorize'
    ? settleAuthorization(step, operation, truth, at)
    : settleMovement(
        step,
        operation,
        truth.movements.find(({ key }) => key === operation.id),
        at,
      );

const settleAuthorization = (step: Step, operation: Operation, truth: PspTruth, at: string): Step => {
  if (truth.key !== operation.id) return step;
  const providerPaymentId = truth.paymentId ?? step.part.providerPaymentId;
  const known = {
    ...step.part,
    providerPaymentId,
    ...(truth.card ? { cardBrand: truth.card.brand, cardLast4: truth.card.last4 } : {}),
  };
  switch (truth.status) {
    case 'authorized':
    case 'captured': {
      const part = moved(
        { ...known, ...NO_ACTION, authorized: operation.amount, expiresAt: truth.expiresAt ?? null },
        'approve',
      );
      return part ? stepTo(step, part, close(operation, 'succeeded', null, at), []) : step;
    }
    case 'requires_action': {
      const part = { ...known, actionUrl: truth.action?.url ?? null, actionSecret: truth.action?.clientSecret ?? null };
      const asked = moved(part, 'ask');
      if (!asked) return { ...step, part };
      return stepTo(step, asked, { ...operation, state: 'waiting', token: null }, [
        { kind: 'action_required', part: asked },
      ]);
    }
    case 'failed':
    case 'voided':
    case 'expired': {
      const failure = truth.failure ?? (truth.status === 'failed' ? 'declined' : truth.status);
      // A void or the clock asked for this end: it is no refusal.
      if (step.operations.some((one) => one.kind === 'void' && isOpen(one) && truth.status !== 'failed'))
        return stepTo(step, known, close(operation, 'failed', failure, at), []);
      const part = moved({ ...known, ...NO_ACTION, failure }, 'decline');
      if (!part) return step;
      return stepTo(step, part, close(operation, 'failed', failure, at), [{ kind: 'declined', part }]);
    }
    default:
      return { ...step, part: known };
  }
};

const NO_ACTION = { actionUrl: null, actionSecret: null, failure: null };

const settleMovement = (step: Step, operation: Operation, movement: PspMovement | undefined, at: string): Step => {
  if (!movement || movement.status === 'pending') return step;
  if (movement.status === 'failed') {
    const refused = close(operation, 'failed', movement.failure ?? 'refused', at);
    return stepTo(step, step.part, refused, [{ kind: 'refused', part: step.part, operation: refused }]);
  }
  const done = close(operation, 'succeeded', null, at);
  if (operation.kind === 'capture') return captured(step, done);
  if (operation.kind === 'refund') {
    const part = { ...step.part, refunded: step.part.refunded + operation.amount };
    return stepTo(step, part, done, [{ kind: 'refunded', part, operation: done }]);
  }
  const part = moved({ ...step.part, ...NO_ACTION }, operation.cause === 'expired' ? 'expire' : 'void') ?? step.part;
  return stepTo(step, part, done, []);
};

const captured = (step: Step, done: Operation): Step => {
  const taken = step.part.captured + done.amount;
  const move = done.final || taken === step.part.authorized ? 'capture_last' : 'capture_part';
  const part = moved({ ...step.part, captured: taken }, move) ?? { ...step.part, captured: taken };
  return stepTo(step, part, done, [{ kind: 'captured', part, operation: done }]);
};

/** The provider has set the money free by itself, because its own time for it ran out. */
const endedByProvider = (step: Step, truth: PspTruth, at: string): Step => {
  if (truth.status !== 'voided' && truth.status !== 'expired') return step;
  if (!isHeld(step.part.state)) return step;
  const part = moved(step.part, truth.status === 'expired' ? 'expire' : 'void');
  const operations = step.operations.map((one) =>
    isOpen(one) && one.kind === 'void' ? close(one, 'succeeded', null, at) : one,
  );
  return part ? { ...step, part, operations } : step;
};

const moved = (part: Part, move: PartMove): Part | undefined => {
  const state = after(partStates, part.state, move);
  return state && { ...part, state };
};

const close = (operation: Operation, state: 'succeeded' | 'failed', failure: string | null, at: string): Operation => ({
  ...operation,
  state,
  failure,
  dueAt: null,
  settledAt: at,
  token: null,
  returnUrl: null,
});

const stepTo = (step: Step, part: Part, operation: Operation, happenings: Happening[]): Step => ({
  part,
  operations: step.operations.map((one) => (one.id === operation.id ? operation : one)),
  happenings: [...step.happenings, ...happenings],
});

/** The payment's sums and state from its parts, and what their change means for it. */
export const summed = ({ payment, parts, operations, happenings }: Settled): Settled => {
  const sum = (name: 'authorized' | 'captured' | 'refunded'): number =>
    parts.reduce((total, part) => total + part[name], 0);
  const state = paymentStateOf(parts);
  const authorized = sum('authorized');
  const isComplete = authorized === payment.amount && !payment.announced;
  const hadEnded = payment.live && !isLive(state);
  const closedEarly = state === 'captured' && payment.state === 'partially_captured' && !happenings.some(isCapture);
  const next: Payment = {
    ...payment,
    authorized,
    captured: sum('captured'),
    refunded: sum('refunded'),
    state,
    live: isLive(state),
    announced: payment.announced || isComplete,
  };
  const isExpired = parts.some((part) => part.state === 'expired');
  return {
    payment: next,
    parts,
    operations,
    happenings: [
      ...(isComplete ? [{ kind: 'authorized' } as const] : []),
      ...happenings,
      ...(hadEnded || closedEarly ? [{ kind: isExpired ? 'expired' : 'voided' } as const] : []),
    ],
  };
};

const isCapture = ({ kind }: Happening): boolean => kind === 'captured';

/** Ends a part that holds nothing: no provider has to be asked. */
export const endPart = (part: Part, move: 'void' | 'expire'): Part =>
  hasEnded(part.state) ? part : (moved({ ...part, ...NO_ACTION, checkAt: null }, move) ?? part);
