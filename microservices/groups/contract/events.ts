import { z } from 'zod';
import { event, exampleId, money } from '../../chassis/contract/index.ts';
import { campaignId, customerId, endReason, seatId, teamId } from './values.ts';

const ofTeam = { teamId, campaignId, leaderId: customerId.nullable() };
const counted = {
  members: z.int().describe('Members of the team'),
  size: z.int().describe('Members at most'),
  missing: z.int().describe('Members missing to the next tier'),
};
const whom = { customerIds: z.array(customerId).describe('The members, in the order in which they joined') };

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const exampleTeam = { teamId: exampleId('tea'), campaignId: exampleId('cam'), leaderId: exampleId('cus') };
const exampleCounts = { members: 2, size: 3, missing: 1 };
const exampleMembers = [exampleId('cus'), exampleId('cus', 2), exampleId('cus', 3)];
const exampleCampaign = { campaignId: exampleId('cam'), sku: 'LANTERN-01', productId: exampleId('prd') };

const campaignEvent = (title: string, description: string) =>
  event({
    title,
    description,
    aggregate: 'campaign',
    group: 'Campaign',
    payload: z.object({ campaignId, sku: z.string(), productId: z.string() }),
    example: exampleCampaign,
  });

const teamEvent = <Extra extends z.ZodRawShape>(
  title: string,
  description: string,
  extra: Extra,
  example: z.output<z.ZodObject<typeof ofTeam & Extra>>,
) => event({ title, description, aggregate: 'team', payload: z.object({ ...ofTeam, ...extra }), example });

export const groupEvents = {
  'campaign.opened': campaignEvent('Campaign opened', 'Teams can be opened and joined from now on.'),
  'campaign.closed': campaignEvent('Campaign closed', 'No new teams and members from now on.'),
  'team.opened': teamEvent(
    'Team opened',
    'A customer opened a team; money and stock of the first seat are held.',
    { ...counted, expiresAt: z.string() },
    { ...exampleTeam, members: 1, size: 3, missing: 2, expiresAt: '2026-11-24T10:00:00.000Z' },
  ),
  'team.joined': teamEvent(
    'Team joined',
    'A customer took a seat; money and stock are held.',
    { ...counted, customerId, seatId },
    { ...exampleTeam, ...exampleCounts, customerId: exampleId('cus', 2), seatId: exampleId('sea') },
  ),
  'team.left': teamEvent(
    'Team left',
    'A member left, or was erased. The leader may have changed.',
    { ...counted, customerId, seatId, reason: endReason },
    { ...exampleTeam, ...exampleCounts, customerId: exampleId('cus', 2), seatId: exampleId('sea'), reason: 'left' },
  ),
  'team.nearly_full': teamEvent(
    'Team nearly full',
    'One member is missing to a tier. Published once for each team.',
    { ...counted, ...whom, expiresAt: z.string() },
    {
      ...exampleTeam,
      ...exampleCounts,
      customerIds: exampleMembers.slice(0, 2),
      expiresAt: '2026-11-24T10:00:00.000Z',
    },
  ),
  'team.expiring': teamEvent(
    'Team about to expire',
    'The team ends soon and has not reached a tier. Published once for each team, and once more after time was added.',
    { ...counted, ...whom, expiresAt: z.string() },
    {
      ...exampleTeam,
      ...exampleCounts,
      customerIds: exampleMembers.slice(0, 2),
      expiresAt: '2026-11-24T10:00:00.000Z',
    },
  ),
  'team.completed': teamEvent(
    'Team completed',
    'The team has its price. Each seat becomes an order, which seat.ordered tells.',
    { ...whom, price: money, tierSize: z.int() },
    { ...exampleTeam, customerIds: exampleMembers, price: euros(1_900), tierSize: 3 },
  ),
  'team.expired': teamEvent(
    'Team expired',
    'The team ended without enough members: all money and stock is let go.',
    whom,
    { ...exampleTeam, customerIds: exampleMembers.slice(0, 2) },
  ),
  'team.cancelled': teamEvent(
    'Team cancelled',
    'Staff cancelled the team, or its last member left: all money and stock is let go.',
    whom,
    { ...exampleTeam, customerIds: exampleMembers.slice(0, 2) },
  ),
  'seat.ordered': teamEvent(
    'Seat ordered',
    'A seat of a complete team became an order, which is confirmed and paid.',
    { seatId, customerId, orderId: z.string(), paid: money, givenBack: money.describe('Held, but not charged') },
    {
      ...exampleTeam,
      seatId: exampleId('sea'),
      customerId: exampleId('cus', 2),
      orderId: exampleId('ord'),
      paid: euros(2_390),
      givenBack: euros(200),
    },
  ),
  'seat.refused': teamEvent(
    'Seat refused',
    'A seat of a complete team could not become an order: its money and stock is let go. A person should look.',
    { seatId, customerId, orderId: z.string(), code: z.string().describe('Code of the failure') },
    {
      ...exampleTeam,
      seatId: exampleId('sea'),
      customerId: exampleId('cus', 2),
      orderId: exampleId('ord'),
      code: 'HOLD_NOT_USABLE',
    },
  ),
};
