import { after, type StateTable } from '../../chassis/state-machine.ts';
import type { DisputeState } from '../contract/disputes.ts';

export type DisputeMove = 'respond' | 'win' | 'lose';

/** The states of a dispute: from → move → to. */
export const disputeStates: StateTable<DisputeState, DisputeMove> = {
  needs_response: { respond: 'under_review', win: 'won', lose: 'lost' },
  under_review: { win: 'won', lose: 'lost' },
  won: {},
  lost: {},
};

const MOVES: Record<DisputeState, DisputeMove | undefined> = {
  needs_response: undefined,
  under_review: 'respond',
  won: 'win',
  lost: 'lose',
};

/** The state after what the provider says of it; the known one where that is older news. */
export const stateAfterNews = (known: DisputeState, told: DisputeState): DisputeState => {
  const move = MOVES[told];
  return (move && after(disputeStates, known, move)) ?? known;
};

/** True while the bank has the money. */
export const takesMoney = (state: DisputeState): boolean => state !== 'won';
