import type { StateTable } from '../../chassis/state-machine.ts';
import type { BargainCampaignState, BargainState } from '../contract/bargain-values.ts';
import type { CampaignState, SeatState, TeamState } from '../contract/values.ts';

export type CampaignMove = 'schedule' | 'open' | 'pause' | 'resume' | 'close';
export const campaignStates: StateTable<CampaignState, CampaignMove> = {
  draft: { schedule: 'scheduled', close: 'closed' },
  scheduled: { open: 'open', close: 'closed' },
  open: { pause: 'paused', close: 'closed' },
  paused: { resume: 'open', close: 'closed' },
  closed: {},
};

export type TeamMove = 'join' | 'leave' | 'complete' | 'expire' | 'cancel' | 'extend';
export const teamStates: StateTable<TeamState, TeamMove> = {
  open: {
    join: 'forming',
    leave: 'open',
    complete: 'complete',
    expire: 'expired',
    cancel: 'cancelled',
    extend: 'open',
  },
  forming: {
    join: 'forming',
    leave: 'forming',
    complete: 'complete',
    expire: 'expired',
    cancel: 'cancelled',
    extend: 'forming',
  },
  complete: {},
  expired: {},
  cancelled: {},
};

export type SeatMove = 'hold' | 'give_up' | 'win' | 'order' | 'release';
export const seatStates: StateTable<SeatState, SeatMove> = {
  claimed: { hold: 'held', give_up: 'releasing' },
  held: { win: 'won', give_up: 'releasing' },
  won: { order: 'ordered', give_up: 'releasing' },
  releasing: { release: 'released' },
  ordered: {},
  released: {},
};

export const bargainCampaignStates: StateTable<BargainCampaignState, 'close'> = {
  open: { close: 'closed' },
  closed: {},
};

export type BargainMove = 'cut' | 'win' | 'buy' | 'hold' | 'give_up' | 'give_up_won' | 'pay' | 'lapse';
export const bargainStates: StateTable<BargainState, BargainMove> = {
  running: { cut: 'running', win: 'won', buy: 'buying', lapse: 'lapsed' },
  won: { buy: 'buying', lapse: 'lapsed' },
  buying: { hold: 'paying', give_up: 'running', give_up_won: 'won' },
  paying: { pay: 'bought', give_up: 'running', give_up_won: 'won' },
  bought: {},
  lapsed: {},
};
