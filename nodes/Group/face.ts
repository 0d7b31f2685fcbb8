import { groupsContract } from '../../microservices/groups/contract.ts';
import { defineFace } from '../form/face.ts';
import { groupsPickers } from './pickers.ts';

export const groupsFace = defineFace(groupsContract, {
  pickers: groupsPickers,
  resources: {
    team: {
      operations: {
        get: 'getTeam',
        getMany: { calls: 'listTeams', action: 'Get many teams' },
        getByCode: { calls: 'getTeamByCode', name: 'Get by Share Code', action: 'Get team by share code' },
        open: 'openTeam',
        join: 'joinTeam',
        match: { calls: 'matchTeam', name: 'Match', action: 'Match customer into team' },
        leave: 'leaveTeam',
        extend: 'extendTeam',
        complete: 'completeTeam',
        cancel: 'cancelTeam',
      },
    },
    campaign: {
      operations: {
        create: 'createCampaign',
        get: 'getCampaign',
        getMany: { calls: 'listCampaigns', action: 'Get many campaigns' },
        update: 'updateCampaign',
        schedule: 'scheduleCampaign',
        pause: 'pauseCampaign',
        resume: 'resumeCampaign',
        close: 'closeCampaign',
        findOffers: { calls: 'findOffers', name: 'Find Offers', action: 'Find offers of products' },
      },
    },
    bargain: {
      operations: {
        get: 'getBargain',
        getMany: { calls: 'listBargains', action: 'Get many bargains' },
        getByCode: { calls: 'getBargainByCode', name: 'Get by Share Code', action: 'Get bargain by share code' },
        start: 'startBargain',
        cut: 'cutBargain',
        buy: 'buyBargain',
      },
    },
    bargainCampaign: {
      operations: {
        create: { calls: 'createBargainCampaign', action: 'Create bargain campaign' },
        get: 'getBargainCampaign',
        getMany: { calls: 'listBargainCampaigns', action: 'Get many bargain campaigns' },
        close: 'closeBargainCampaign',
      },
    },
  },
  notOnCanvas: { auditGroups: 'for operators and tests' },
});
