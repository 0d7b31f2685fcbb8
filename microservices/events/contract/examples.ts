/** The events of this domain as they might really be. */
import { exampleId } from '../../chassis/contract/index.ts';

const subscription = {
  subscriptionId: exampleId('evs'),
  externalId: 'erp',
  eventTypes: ['order.confirmed', 'refund.issued'],
};
const active = { ...subscription, state: 'active' as const };

export const eventExamples = {
  'event_subscription.created': active,
  'event_subscription.updated': active,
  'event_subscription.paused': { ...subscription, state: 'paused' as const, because: 'gone' as const },
  'event_subscription.resumed': active,
  'event_subscription.failing': { ...subscription, state: 'failing' as const },
  'event_subscription.recovered': active,
  'event_subscription.deleted': { ...subscription, state: 'paused' as const },
};
