import type { Customer } from '../contract/values.ts';

export type ConsentReason = 'granted' | 'never_decided' | 'withdrawn' | 'customer_not_active' | 'email_not_verified';

export interface ConsentQuestion {
  customerState: Customer['state'];
  emailVerified: boolean;
  channel: string;
  /** The last decision, if there was one. */
  decision: { granted: boolean } | undefined;
  /** The shop asks for a verified address before it believes a consent to e-mail. */
  doubleOptIn: boolean;
}

/** The reason why a message may be sent or not; everything but `granted` means no. */
export const consentReason = (question: ConsentQuestion): ConsentReason => {
  if (question.customerState !== 'active') return 'customer_not_active';
  if (!question.decision) return 'never_decided';
  if (!question.decision.granted) return 'withdrawn';
  if (question.doubleOptIn && question.channel === 'email' && !question.emailVerified) return 'email_not_verified';
  return 'granted';
};

/** True when every service named has acknowledged the erasure. */
export const isErasureComplete = (services: readonly { acknowledgedAt: string | null }[]): boolean =>
  services.every((service) => service.acknowledgedAt !== null);
