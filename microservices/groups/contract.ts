import { defineContract } from '../chassis/contract/index.ts';
import { bargainEvents } from './contract/bargain-events.ts';
import { bargainOperations } from './contract/bargains.ts';
import { campaignOperations } from './contract/campaigns.ts';
import { groupEvents } from './contract/events.ts';
import { teamOperations } from './contract/teams.ts';

/** Group commerce: campaigns with lower prices for teams, the teams that customers form, and bargains. */
export const groupsContract = defineContract({
  domain: 'groups',
  title: 'Groups',
  noun: 'Team',
  description:
    'Group commerce: campaigns sell a variant for less to teams. Money and stock are held while a team forms; a complete team becomes orders, any other gets everything back. In bargains friends cut a price down to its floor.',
  version: 1,
  personalData: true,
  operations: { ...campaignOperations, ...teamOperations, ...bargainOperations },
  events: { ...groupEvents, ...bargainEvents },
});
