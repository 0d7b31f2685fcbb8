import { defineContract } from '../chassis/contract/index.ts';
import { campaignOperations } from './contract/campaigns.ts';
import { groupEvents } from './contract/events.ts';
import { teamOperations } from './contract/teams.ts';

/** Group commerce: campaigns with lower prices for teams, and the teams that customers form. */
export const groupsContract = defineContract({
  domain: 'groups',
  title: 'Groups',
  noun: 'Team',
  description:
    'Group commerce: campaigns sell a variant for less to teams. Money and stock are held while a team forms; a complete team becomes orders, any other gets everything back.',
  version: 1,
  personalData: true,
  operations: { ...campaignOperations, ...teamOperations },
  events: groupEvents,
});
