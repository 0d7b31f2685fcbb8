import { eventsContract } from '../../microservices/events/contract.ts';
import { pickerFrom, type Pickers } from '../form/pickers.ts';

/** The inputs of this node that are chosen from a list. */
export const eventPickers = {
  subscriptionId: pickerFrom(eventsContract, 'Subscription', 'searchSubscriptions', 'listSubscriptions', {
    label: ['url', 'externalId', 'state'],
  }),
  deadLetterId: pickerFrom(eventsContract, 'Dead Letter', 'searchDeadLetters', 'listDeadLetters', {
    label: ['type', 'number', 'workflowId', 'deadLetteredAt'],
  }),
  waitId: pickerFrom(eventsContract, 'Waiting Journey', 'searchWaits', 'listWaits', {
    label: ['value', 'eventTypes', 'createdAt'],
    query: { state: 'waiting' },
  }),
  type: pickerFrom(eventsContract, 'Event Type', 'searchEventTypes', 'listEventTypes', {
    value: 'type',
    label: ['title', 'type'],
  }),
} satisfies Pickers;
