import { customer } from '../Customer/pickers.ts';
import { pickerFrom, type Pickers } from '../form/pickers.ts';
import { catalogPickers } from '../Catalog/pickers.ts';
import { groupsContract } from '../../microservices/groups/contract.ts';

/** The inputs of this node that are chosen from a list. */
export const groupsPickers = {
  customerId: customer,
  sku: catalogPickers.sku,
  campaignId: pickerFrom(groupsContract, 'Campaign', 'searchCampaigns', 'listCampaigns', {
    label: ['name', 'state', 'startsAt'],
  }),
  teamId: pickerFrom(groupsContract, 'Team', 'searchTeams', 'listTeams', {
    label: ['code', 'state', 'createdAt'],
  }),
  bargainCampaignId: pickerFrom(groupsContract, 'Bargain Campaign', 'searchBargainCampaigns', 'listBargainCampaigns', {
    label: ['name', 'state', 'startsAt'],
  }),
  bargainId: pickerFrom(groupsContract, 'Bargain', 'searchBargains', 'listBargains', {
    label: ['code', 'state', 'createdAt'],
  }),
} satisfies Pickers;
