import type { INodeProperties } from 'n8n-workflow';
import { eventTypeOptions } from './derived.ts';
import { conditionFields, type Parameters } from './filter-form.ts';

const eventTypes: INodeProperties = {
  displayName: 'Event Types',
  name: 'eventTypes',
  type: 'multiOptions',
  default: [],
  description: 'Which events start this workflow, one execution for each event',
  options: eventTypeOptions,
};

const customEventTypes: INodeProperties = {
  displayName: 'Custom Event Types',
  name: 'customEventTypes',
  type: 'string',
  default: '',
  placeholder: 'e.g. custom.loyalty_anniversary, custom.door_opened',
  description:
    'Types of events that workflows or other systems publish, separated by commas. They begin with custom; another name is refused unless the platform publishes it.',
};

/** Which events: the part of the form that every way of receiving them shares. */
export const eventFields: INodeProperties[] = [eventTypes, customEventTypes, ...conditionFields];

/** The chosen event types. Throws an Error in plain words when there is none. */
export const typesOf = (parameter: Parameters): string[] => {
  const chosen = parameter('eventTypes', []) as string[];
  const custom = String(parameter('customEventTypes', ''))
    .split(/[\s,]+/)
    .filter((type) => type !== '');
  const types = [...new Set([...chosen, ...custom])];
  if (types.length === 0) {
    throw new Error('No event type is chosen. Pick at least one under Event Types, or name a custom one.');
  }
  return types;
};
