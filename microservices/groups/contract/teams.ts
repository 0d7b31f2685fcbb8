import { z } from 'zod';
import { newAddress, operation, page, pageQuery, reference } from '../../chassis/contract/index.ts';
import {
  campaignId,
  campaignNotFound,
  customerId,
  illegalState,
  MOST_ADDED_MINUTES,
  shareCode,
  team,
  teamId,
  teamNotFound,
  teamState,
  teamWithSeats,
} from './values.ts';
import { seatFailures } from './seat-failures.ts';

const read = { scope: 'groups:read' };
const write = { scope: 'groups:write' };
const CAMPAIGN_NOT_FOUND = campaignNotFound;
const TEAM_NOT_FOUND = teamNotFound;

const buyer = {
  customerId: customerId
    .optional()
    .describe('The customer, when staff or a journey asks; customers act for themselves'),
  shippingAddress: newAddress.describe('Where the goods go'),
  shippingMethod: reference.optional().describe('Code of a shipping method; otherwise the cheapest that fits'),
};

const ALREADY_MEMBER = { status: 409, title: 'Already a member', data: z.object({ teamId }) } as const;
const TEAM_FULL = { status: 409, title: 'Team full', data: z.object({ size: z.int() }) } as const;

const CLAIMS = 'it takes a seat before money and stock are held.';

export const teamOperations = {
  openTeam: operation({
    method: 'POST',
    path: '/groups/campaigns/{campaignId}/teams',
    title: 'Open team',
    description:
      'Opens a team and takes its first seat: money and stock are held as long as the team lives. The share link’s code lets friends in.',
    access: { ...write, customer: true },
    cannotRehearse: CLAIMS,
    input: z.object({
      campaignId,
      ...buyer,
      openToStrangers: z.boolean().default(true).describe('Whether people without the link are matched into it'),
    }),
    output: teamWithSeats,
    successStatus: 201,
    errors: {
      CAMPAIGN_NOT_FOUND,
      ...seatFailures,
      ONE_TEAM_ONLY: { status: 409, title: 'Campaign has one team', data: z.object({ teamId }) },
    },
  }),
  joinTeam: operation({
    method: 'POST',
    path: '/groups/teams/{code}/join',
    title: 'Join team',
    description:
      'Takes a seat in the team of a share link: money and stock are held until it is complete or ends. The price never rises above the one shown.',
    access: { ...write, customer: true },
    cannotRehearse: CLAIMS,
    input: z.object({ code: shareCode, ...buyer }),
    output: teamWithSeats,
    successStatus: 201,
    errors: { TEAM_NOT_FOUND, ...seatFailures, ALREADY_MEMBER, TEAM_FULL },
  }),
  matchTeam: operation({
    method: 'POST',
    path: '/groups/campaigns/{campaignId}/match',
    title: 'Match into team',
    description:
      'Takes a seat in the fullest team that is open to strangers and has room, or opens a team where there is none. Members are real customers only.',
    access: { ...write, customer: true },
    cannotRehearse: CLAIMS,
    input: z.object({ campaignId, ...buyer }),
    output: teamWithSeats,
    successStatus: 201,
    errors: { CAMPAIGN_NOT_FOUND, ...seatFailures, TEAM_FULL },
  }),
  leaveTeam: operation({
    method: 'POST',
    path: '/groups/teams/{teamId}/leave',
    title: 'Leave team',
    description:
      'Gives a seat up before the team has reached a tier: money and stock are let go. When the leader leaves, the longest member leads.',
    access: { ...write, customer: true },
    input: z.object({ teamId, customerId: customerId.optional().describe('Who leaves, when staff asks') }),
    output: teamWithSeats,
    errors: {
      TEAM_NOT_FOUND,
      CUSTOMER_REQUIRED: seatFailures.CUSTOMER_REQUIRED,
      NOT_A_MEMBER: { status: 404, title: 'Not a member' },
      TIER_REACHED: { status: 409, title: 'Team has reached its price', data: z.object({ size: z.int() }) },
      ILLEGAL_STATE: illegalState,
    },
  }),
  getTeam: operation({
    method: 'GET',
    path: '/groups/teams/{teamId}',
    title: 'Get team',
    description: 'A team with its seats; customers see the teams that they are in, and their own seats.',
    access: { ...read, customer: true },
    input: z.object({ teamId }),
    output: teamWithSeats,
    errors: { TEAM_NOT_FOUND },
  }),
  getTeamByCode: operation({
    method: 'GET',
    path: '/groups/shared/{code}',
    title: 'Get shared team',
    description:
      'The team of a share link, as everybody who has the link sees it: nothing of its members. The same path with /live behind it pushes members, seats left and seconds as server-sent events.',
    access: { ...read, customer: true, public: true },
    input: z.object({ code: shareCode }),
    output: team,
    errors: { TEAM_NOT_FOUND },
  }),
  listTeams: operation({
    method: 'GET',
    path: '/groups/teams',
    title: 'List teams',
    description: 'Teams, newest first; customers see the teams that they are in.',
    access: { ...read, customer: true },
    input: z.object({
      campaignId: campaignId.optional(),
      state: teamState.optional(),
      customerId: customerId.optional().describe('Only teams that this customer is in'),
      ...pageQuery,
    }),
    output: page(team),
  }),
  completeTeam: operation({
    method: 'POST',
    path: '/groups/teams/{teamId}/complete',
    title: 'Complete team',
    description:
      'Completes a team that has reached a tier, without waiting for more members. For its leader and staff.',
    access: { ...write, customer: true },
    input: z.object({ teamId }),
    output: teamWithSeats,
    errors: {
      TEAM_NOT_FOUND,
      TIER_NOT_REACHED: { status: 409, title: 'No tier reached', data: z.object({ missing: z.int() }) },
      ILLEGAL_STATE: illegalState,
    },
  }),
  cancelTeam: operation({
    method: 'POST',
    path: '/groups/teams/{teamId}/cancel',
    title: 'Cancel team',
    description: 'Ends a team before it is complete: all of its money and stock is let go.',
    access: write,
    input: z.object({ teamId }),
    output: teamWithSeats,
    errors: { TEAM_NOT_FOUND, ILLEGAL_STATE: illegalState },
  }),
  extendTeam: operation({
    method: 'POST',
    path: '/groups/teams/{teamId}/extend',
    title: 'Extend team',
    description: 'Gives a team more time, once.',
    access: write,
    input: z.object({
      teamId,
      minutes: z.int().min(1).max(MOST_ADDED_MINUTES).describe('Minutes that are added, a day at most'),
    }),
    output: teamWithSeats,
    errors: {
      TEAM_NOT_FOUND,
      ALREADY_EXTENDED: { status: 409, title: 'Time was added already' },
      ILLEGAL_STATE: illegalState,
    },
  }),
  auditGroups: operation({
    method: 'GET',
    path: '/groups/audit',
    title: 'Audit groups',
    description:
      'Checks all teams: members are counted as their seats are, no team has more than its size, each member has money and stock held, and nobody pays more than was shown. Of bargains, that the cuts are what the price fell by. Safe at any time.',
    access: read,
    input: z.object({}),
    output: z.object({
      consistent: z.boolean(),
      teams: z.int(),
      seats: z.int(),
      bargains: z.int(),
      problems: z.array(z.string()).describe('At most 100 sentences'),
    }),
  }),
};
