import { allowed, type StateTable } from '../../../microservices/chassis/state-machine.ts';

export type ReviewState = 'open' | 'approved' | 'rejected' | 'expired';
export type ReviewMove = 'approve' | 'reject' | 'expire';

/** A person's decision is final. */
export const reviewStates: StateTable<ReviewState, ReviewMove> = {
  open: { approve: 'approved', reject: 'rejected', expire: 'expired' },
  approved: {},
  rejected: {},
  expired: {},
};

/** The decisions that a person can make on a review in this state. */
export const possibleDecisions = (state: ReviewState): ReviewMove[] =>
  allowed(reviewStates, state).filter((move) => move !== 'expire');
