/** The events of this domain as they might really be. */
import { exampleId } from '../../chassis/contract/index.ts';

const subscription = {
  subscriptionId: exampleId('evs'),
  externalId: 'erp',
  eventTypes: ['order.confirmed', 'refund.issued'],
};
const active = { ...subscription, state: 'active' as const };

const deadLetter = {
  deadLetterId: exampleId('dle'),
  workflowId: 'order-to-confirmation',
  subscriptionId: null,
  group: 'fusioncommerce.order-to-confirmation.trigger',
};

const journey = {
  workflowId: 'vip-order-late',
  workflowName: 'VIP’s order is late',
  eventId: '01976f3e-8c2a-7b54-9a10-000000000001',
  eventType: 'order.delivery_late',
  about: exampleId('ord'),
  customerId: exampleId('cus'),
};

export const eventExamples = {
  'journey.started': journey,
  'journey.waiting': journey,
  'journey.succeeded': { ...journey, attempts: 1 },
  'journey.failed': { ...journey, attempts: 3, node: 'Apologise' },
  'journey.split_assigned': { split: 'coupon test autumn', branch: 'With Coupon', customerId: exampleId('cus') },
  'event.dead_lettered': {
    ...deadLetter,
    consumer: 'workflow' as const,
    eventId: '01976f3e-8c2a-7b54-9a10-000000000001',
    type: 'order.created',
    subject: exampleId('ord'),
    number: '1007',
  },
  'event.replayed': {
    ...deadLetter,
    event: {
      id: '01976f3e-8c2a-7b54-9a10-000000000001',
      type: 'order.delivered',
      source: '/orders',
      subject: exampleId('ord'),
      time: '2026-11-25T14:30:00.000Z',
      data: { orderId: exampleId('ord'), number: '1007', deliveredAt: '2026-11-25T14:30:00.000Z' },
      correlationid: '01976f3e-8c2a-7b54-9a10-000000000002',
      sequence: 7,
      kafka: {
        topic: 'commerce.orders',
        partition: 2,
        offset: '118',
        key: exampleId('ord'),
        timestamp: '2026-11-25T14:30:00.120Z',
      },
    },
  },
  'event_subscription.created': active,
  'event_subscription.updated': active,
  'event_subscription.paused': { ...subscription, state: 'paused' as const, because: 'gone' as const },
  'event_subscription.resumed': active,
  'event_subscription.failing': { ...subscription, state: 'failing' as const },
  'event_subscription.recovered': active,
  'event_subscription.deleted': { ...subscription, state: 'paused' as const },
};
