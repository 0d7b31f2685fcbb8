import { isOpen, refundableOf, type Operation, type Part, type Payment, type Whole } from './model.ts';
import { endPart } from './settle.ts';
import { takeInOrder } from './split.ts';
import { hasEnded } from './states.ts';

/** A movement to be written, before any provider is asked. */
export type Wanted = Pick<Operation, 'partId' | 'kind' | 'amount'> &
  Partial<Pick<Operation, 'final' | 'reference' | 'reason' | 'token' | 'returnUrl' | 'cause'>>;

export interface Plan {
  movements: Wanted[];
  parts?: Part[];
  payment?: Payment;
}

/** What ends a payment: voids where a provider holds or awaits something, nothing where none was asked. */
export const planEnd = (
  { parts, operations }: Whole,
  move: 'void' | 'expire',
): { movements: Wanted[]; parts: Part[] } => {
  const asked = parts.filter((part) => isWithProvider(part) && !isEnding(part, operations));
  return {
    movements: asked.map((part) => ({
      partId: part.id,
      kind: 'void',
      amount: part.amount,
      cause: move === 'expire' ? 'expired' : null,
    })),
    parts: parts.map((part) => (isWithProvider(part) || hasEnded(part.state) ? part : endPart(part, move))),
  };
};

const isWithProvider = ({ state }: Part): boolean =>
  state === 'requires_action' || state === 'authorized' || state === 'partially_captured' || state === 'authorizing';

const isEnding = (part: Part, operations: readonly Operation[]): boolean =>
  operations.some((one) => one.partId === part.id && one.kind === 'void' && isOpen(one));

/**
 * What gives back all that a payment holds and has taken. What the provider refused is not asked for again: a person
 * has to look at it.
 */
export const planGiveBack = (whole: Whole): Plan => {
  const { payment, operations } = whole;
  const reference = payment.giveBack ?? payment.id;
  const refused = operations.filter(({ state }) => state === 'failed');
  const end = planEnd(whole, 'void');
  const voids = end.movements.filter(
    ({ partId }) => !refused.some((one) => one.kind === 'void' && one.partId === partId),
  );
  const mayRefund = !refused.some((one) => one.kind === 'refund' && one.reference === reference);
  const refunds = mayRefund ? refundsOf(whole, leftOf(whole), reference) : [];
  return { movements: [...voids, ...refunds], parts: end.parts, payment };
};

/** What can be refunded: less what is under way, and what banks have taken back. */
export const leftOf = ({ payment, parts, operations }: Whole): number =>
  Math.max(0, parts.reduce((sum, part) => sum + refundableOf(part, operations), 0) - payment.disputed);

/** Refunds of an amount, the last part first; none when there is less. */
export const refundsOf = (whole: Whole, amount: number, reference: string, reason: string | null = null): Wanted[] => {
  if (amount > leftOf(whole)) return [];
  const reversed = whole.parts.toReversed();
  const taken =
    takeInOrder(
      amount,
      reversed.map((part) => refundableOf(part, whole.operations)),
    ) ?? [];
  return reversed.flatMap((part, index): Wanted[] => {
    const some = taken[index] ?? 0;
    return some > 0 ? [{ partId: part.id, kind: 'refund', amount: some, reason, reference }] : [];
  });
};
