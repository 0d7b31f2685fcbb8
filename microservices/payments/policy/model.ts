import type { Method, OperationKind, OperationState, PartState, PaymentState } from '../contract/values.ts';

/** A payment as it is kept; amounts are minor units of its currency. */
export interface Payment {
  id: string;
  orderId: string | null;
  cartId: string | null;
  customerId: string | null;
  currency: string;
  amount: number;
  authorized: number;
  captured: number;
  refunded: number;
  disputed: number;
  state: PaymentState;
  live: boolean;
  /** payment.authorized was published: it is said once. */
  announced: boolean;
  /** Set when the order has ended: what is held or taken from then on goes back, under this reference. */
  giveBack: string | null;
  expiresAt: string;
  createdAt: string;
}

export interface Part {
  id: string;
  paymentId: string;
  position: number;
  method: Method;
  provider: string;
  amount: number;
  authorized: number;
  captured: number;
  refunded: number;
  state: PartState;
  providerPaymentId: string | null;
  actionUrl: string | null;
  actionSecret: string | null;
  failure: string | null;
  cardBrand: string | null;
  cardLast4: string | null;
  expiresAt: string | null;
  checkAt: string | null;
}

/** One movement that a provider is asked for, under its id. */
export interface Operation {
  id: string;
  paymentId: string;
  partId: string;
  kind: OperationKind;
  amount: number;
  final: boolean;
  reference: string | null;
  reason: string | null;
  token: string | null;
  returnUrl: string | null;
  /** Of a void: `expired` when the clock asked for it. */
  cause: string | null;
  requestKey: string;
  state: OperationState;
  failure: string | null;
  attempts: number;
  dueAt: string | null;
  createdAt: string;
  settledAt: string | null;
}

/** A payment with all that belongs to it, as a command has locked it. */
export interface Whole {
  payment: Payment;
  parts: readonly Part[];
  operations: readonly Operation[];
}

export const isOpen = ({ state }: Operation): boolean => state === 'requested' || state === 'waiting';

/** What the part holds and nobody has asked to take yet. */
export const capturableOf = (part: Part, operations: readonly Operation[]): number => {
  const open = operations.filter((one) => one.partId === part.id && isOpen(one));
  if (part.state !== 'authorized' && part.state !== 'partially_captured') return 0;
  if (open.some(({ kind, final }) => kind === 'void' || (kind === 'capture' && final))) return 0;
  return part.authorized - part.captured - sumOf(open, 'capture');
};

/** What the part has taken and nobody has asked to give back yet. */
export const refundableOf = (part: Part, operations: readonly Operation[]): number =>
  part.captured -
  part.refunded -
  sumOf(
    operations.filter((one) => one.partId === part.id && isOpen(one)),
    'refund',
  );

const sumOf = (operations: readonly Operation[], kind: Operation['kind']): number =>
  operations.filter((one) => one.kind === kind).reduce((sum, { amount }) => sum + amount, 0);
