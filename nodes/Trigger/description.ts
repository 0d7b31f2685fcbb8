import type { INodeProperties } from 'n8n-workflow';
import { aboutTrying, afterFailure, eventFields, maxAge } from './event-form.ts';
import { MAX_IN_FLIGHT } from './settings.ts';

const startPosition: INodeProperties = {
  displayName: 'Start Position',
  name: 'startPosition',
  type: 'options',
  default: 'committed',
  description: 'Where to begin. After that, the trigger always continues where it left off, also after a restart.',
  options: [
    {
      name: 'Earliest',
      value: 'earliest',
      description: 'Begin once with the oldest event that Kafka still has',
    },
    {
      name: 'From a Time',
      value: 'timestamp',
      description: 'Begin once with the first event published at or after a moment',
    },
    {
      name: 'Latest',
      value: 'latest',
      description: 'Begin once with new events, skipping all that wait',
    },
    {
      name: 'Where It Left Off',
      value: 'committed',
      description: 'Continue after the last finished event; a new trigger begins with new events',
    },
  ],
};

const startTimestamp: INodeProperties = {
  displayName: 'Start Time',
  name: 'startTimestamp',
  type: 'dateTime',
  default: '',
  required: true,
  displayOptions: { show: { startPosition: ['timestamp'] } },
  description: 'The moment from which events are taken',
};

const testEvent: INodeProperties = {
  displayName: 'Test Event',
  name: 'testEvent',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  description:
    'The event that a test in the editor uses, one of the last that fit. Empty: the latest. With none yet, a sample that says so. Running workflows take no notice.',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      typeOptions: { searchListMethod: 'searchTestEvents', searchable: true },
    },
    { displayName: 'By ID', name: 'id', type: 'string' },
  ],
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
      typeOptions: { minValue: 1, maxValue: 100 },
      default: 5,
      description:
        'How many times a failed journey is tried in total before its event goes to the dead letters. Without effect when failures are left to you.',
    },
    {
      displayName: 'Consumer Group',
      name: 'group',
      type: 'string',
      default: '',
      placeholder: 'e.g. fusioncommerce.my-journey',
      description:
        'Kafka consumer group to use instead of the one made from workflow and node. Two triggers with one group share the events between them.',
    },
    {
      displayName: 'First Delay (Seconds)',
      name: 'firstDelay',
      type: 'number',
      typeOptions: { minValue: 0, maxValue: 3600 },
      default: 2,
      description: 'How long to wait before the second attempt. It doubles from attempt to attempt.',
    },
    {
      displayName: 'Journey Deadline (Seconds)',
      name: 'deadline',
      type: 'number',
      typeOptions: { minValue: 1, maxValue: 604800 },
      default: 3600,
      description:
        'How long one execution may take before it counts as failed. A journey that waits for a person or a date is parked by n8n and does not count.',
    },
    {
      displayName: 'Longest Delay (Seconds)',
      name: 'maxDelay',
      type: 'number',
      typeOptions: { minValue: 0, maxValue: 86400 },
      default: 60,
      description: 'The longest wait between two attempts',
    },
    {
      displayName: 'Max in Flight',
      name: 'maxInFlight',
      type: 'number',
      typeOptions: { minValue: 1, maxValue: 1000 },
      default: MAX_IN_FLIGHT,
      description:
        'How many journeys of this trigger may run at once. Events of one order, cart or customer always run one after the other.',
    },
    {
      displayName: 'Max per Partition',
      name: 'maxPerPartition',
      type: 'number',
      typeOptions: { minValue: 1, maxValue: 1000 },
      default: MAX_IN_FLIGHT,
      description: 'How many journeys of one Kafka partition may run at once',
    },
    maxAge,
  ],
};

/** The trigger's form. */
export const properties: INodeProperties[] = [
  ...eventFields,
  testEvent,
  startPosition,
  startTimestamp,
  afterFailure,
  aboutTrying,
  options,
];
