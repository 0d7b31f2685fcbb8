import type { INodeProperties } from 'n8n-workflow';
import { durationFields } from '../journey/duration.ts';
import { eventFields } from '../Trigger/event-form.ts';

/** The words of the trigger's fields as they are meant here. */
const WORDS: Record<string, string> = {
  eventTypes: 'The events to wait for; the first one that comes ends the wait',
  conditions: 'Which of these events count. Without a condition all do.',
};

const whichEvents = eventFields.map((field) => {
  const description = WORDS[field.name];
  return description === undefined ? field : { ...field, description };
});

const about: INodeProperties[] = [
  {
    displayName: 'About the Same',
    name: 'about',
    type: 'options',
    default: 'order',
    description: 'What the event must have in common with this journey',
    options: [
      { name: 'Customer', value: 'customer', description: 'An event about the customer of this journey' },
      { name: 'ID', value: 'id', description: 'An event in which an ID of your choice stands' },
      { name: 'Order', value: 'order', description: 'An event about the order of this journey' },
    ],
  },
  {
    displayName: 'ID',
    name: 'value',
    type: 'string',
    default: '',
    required: true,
    displayOptions: { show: { about: ['id'] } },
    placeholder: 'e.g. {{ $json.data.sku }}',
    description: 'The ID, SKU, code or number that the event must be about',
  },
  {
    displayName: 'Order or Customer ID',
    name: 'ownValue',
    type: 'string',
    default: '',
    displayOptions: { show: { about: ['order', 'customer'] } },
    placeholder: 'ord_… or cus_…',
    description: 'Leave it empty to take the order or customer of the event that started the journey',
  },
];

const options: INodeProperties = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  description: 'Which events count, more exactly',
  options: [
    {
      displayName: 'Count Earlier Events',
      name: 'sinceStart',
      type: 'boolean',
      default: true,
      description:
        'Whether an event counts that came before this step, but after the event that started the journey. Then the journey goes on at once.',
    },
    {
      displayName: 'Only in Field',
      name: 'field',
      type: 'string',
      default: '',
      placeholder: 'e.g. data.referrerId',
      description:
        'The field of the event in which the ID must stand: subject, or a field of data. Without it, any of them will do.',
    },
  ],
};

export const properties: INodeProperties[] = [
  ...whichEvents,
  ...about,
  ...durationFields({
    name: 'timeout',
    label: 'Wait at Most',
    unitLabel: 'Unit of the Wait',
    description: 'After this time the journey goes on by the output Timed Out',
  }),
  options,
];
