import type { INodeProperties } from 'n8n-workflow';
import { aboutTrying, afterFailure, eventFields, maxAge } from '../Trigger/event-form.ts';

const startFrom: INodeProperties = {
  displayName: 'Start Position',
  name: 'startFrom',
  type: 'options',
  default: 'latest',
  description:
    'Where a new trigger begins. After that, it always continues where it left off, also after the workflow was inactive.',
  options: [
    { name: 'Earliest', value: 'earliest', description: 'With the oldest event that Kafka still has' },
    { name: 'From a Time', value: 'timestamp', description: 'With the first event published at or after a moment' },
    { name: 'Latest', value: 'latest', description: 'With new events' },
  ],
};

const startAt: INodeProperties = {
  displayName: 'Start Time',
  name: 'startAt',
  type: 'dateTime',
  default: '',
  required: true,
  displayOptions: { show: { startFrom: ['timestamp'] } },
  description: 'The moment from which events are taken',
};

const options: INodeProperties = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add option',
  default: {},
  description: 'Settings that may be left as they are',
  options: [
    {
      displayName: 'Attempts',
      name: 'attempts',
      type: 'number',
      typeOptions: { minValue: 1, maxValue: 20 },
      default: 5,
      description:
        'How many times a failed journey is tried in total before its event goes to the dead letters. Without effect when failures are left to you.',
    },
    {
      displayName: 'Journey Deadline (Seconds)',
      name: 'deadline',
      type: 'number',
      typeOptions: { minValue: 1, maxValue: 300 },
      default: 120,
      description:
        'How long one execution may take before its event is sent again. A journey that waits for a person or a date is parked by n8n and does not count.',
    },
    {
      displayName: 'Max in Flight',
      name: 'maxInFlight',
      type: 'number',
      typeOptions: { minValue: 1, maxValue: 100 },
      default: 10,
      description:
        'How many journeys of this trigger may run at once. Events of one order, cart or customer always run one after the other.',
    },
    maxAge,
  ],
};

export const properties: INodeProperties[] = [...eventFields, startFrom, startAt, afterFailure, aboutTrying, options];
