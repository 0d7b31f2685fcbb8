import type { OperationKind } from '../contract/values.ts';

/** What a provider is asked for. Amounts are minor units. */
export interface PspRequest {
  /** The provider must do one thing for one key, however often it is asked. */
  key: string;
  kind: OperationKind;
  amount: number;
  currency: string;
  /** Of a capture: nothing follows, the rest is set free. */
  final: boolean;
  /** Key of the authorization, and the provider's id for it where it is known. */
  authorization: { key: string; paymentId: string | null };
  /** Ours, for the provider's records. */
  payment: string;
  customerId: string | null;
  /** Stands for a card at the provider; never a number. */
  token: string | null;
  returnUrl: string | null;
  reason: string | null;
}

export interface PspMovement {
  /** Ours. */
  key: string;
  status: 'succeeded' | 'failed' | 'pending';
  failure?: string | undefined;
}

/** A payment that the customer's bank has taken back. */
export interface PspDispute {
  id: string;
  amount: number;
  reason: string;
  status: 'needs_response' | 'under_review' | 'won' | 'lost';
  dueBy: string | null;
}

/** One line of a provider's report. Amounts are minor units. */
export interface ReportLine {
  id: string;
  /** Our movement's id, where the provider knows it. */
  key: string | null;
  kind: 'capture' | 'refund';
  amount: number;
  currency: string;
  /** In the currency of the settlement. */
  fee: number;
  settled: { amount: number; currency: string };
  at: string;
}

/** How a payment stands at the provider: what our records are brought up to. */
export interface PspTruth {
  /** Key of the authorization. */
  key: string;
  paymentId: string | null;
  /** `unknown` where this answer does not say. */
  status: 'unknown' | 'processing' | 'requires_action' | 'authorized' | 'failed' | 'voided' | 'expired' | 'captured';
  /** Captures, voids and refunds. */
  movements: readonly PspMovement[];
  action?: { url: string | null; clientSecret: string | null } | undefined;
  failure?: string | undefined;
  expiresAt?: string | undefined;
  card?: { brand: string; last4: string } | undefined;
  disputes?: readonly PspDispute[] | undefined;
}

/** What a provider's notice is about. It says only where to look: the provider is asked how the payment stands. */
export interface PspNotice {
  /** The provider's id of the notice: a second delivery changes nothing. */
  id: string;
  /**
   * Key of the authorization, where the notice names it: it may come before the answer that tells the payment's id.
   */
  key: string | null;
  paymentId: string | null;
}

/** A notice without a valid, fresh signature. */
export class NoticeRefused extends Error {}

/** The provider said no: this will not happen, however often it is asked. */
export class PspRefusal extends Error {
  readonly failure: string;
  constructor(failure: string) {
    super(`the provider refused: ${failure}`);
    this.name = 'PspRefusal';
    this.failure = failure;
  }
}

/**
 * Who moves money: the one border to wallets, cash and payment providers. Anything thrown but a PspRefusal means that
 * the outcome is not known; it is then found out by `find`, never guessed.
 */
export interface Psp {
  /** Asks for a movement, under the request's key. */
  send(request: PspRequest): Promise<PspTruth>;
  /** What became of a request, by its key; undefined when the provider knows nothing of it. */
  find(request: PspRequest): Promise<PspTruth | undefined>;
  /** Sends a defence; the same one again changes nothing. */
  submitEvidence?(disputeId: string, evidence: string): Promise<void>;
  /** What the provider moved in a period. */
  report?(from: Date, to: Date): Promise<readonly ReportLine[]>;
  /** Reads a notice from its raw body and headers. Throws NoticeRefused when its signature is not right. */
  readNotice?(body: Buffer, headers: Readonly<Record<string, string | undefined>>): PspNotice | undefined;
}
