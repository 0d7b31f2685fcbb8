import { testStateMachine } from '../../chassis/testing/state-machine.ts';
import { bargainCampaignStates, bargainStates, campaignStates, seatStates, teamStates } from './states.ts';

testStateMachine('a campaign', campaignStates, { initial: 'draft', final: ['closed'] });
testStateMachine('a team', teamStates, { initial: 'open', final: ['complete', 'expired', 'cancelled'] });
testStateMachine('a seat', seatStates, { initial: 'claimed', final: ['ordered', 'released'] });
testStateMachine('a bargain campaign', bargainCampaignStates, { initial: 'open', final: ['closed'] });
testStateMachine('a bargain', bargainStates, { initial: 'running', final: ['bought', 'lapsed'] });
