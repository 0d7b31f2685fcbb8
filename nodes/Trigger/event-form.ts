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

/** What happens when a journey failed, on every way of receiving events. */
export const afterFailure: INodeProperties = {
  displayName: 'After a Failure',
  name: 'afterFailure',
  type: 'options',
  default: 'again',
  description:
    'What happens when the workflow fails. FusionCommerce nodes never act twice for one event. Other nodes, such as HTTP Request, do repeat in each attempt: give them the onceKey of this item as an idempotency key, or put FusionCommerce Event → Once per Event before them.',
  options: [
    {
      name: 'Leave It to Me',
      value: 'leave',
      description: 'Try it once; the event goes to the dead letters, from where you replay or discard it',
    },
    {
      name: 'Run the Whole Workflow Again',
      value: 'again',
      description: 'Try it again as Options say, then put the event into the dead letters',
    },
  ],
};

/** The option that skips what happened long ago. */
export const maxAge: INodeProperties = {
  displayName: 'Skip Events Older Than (Minutes)',
  name: 'maxAge',
  type: 'number',
  typeOptions: { minValue: 0, maxValue: 525600 },
  default: 0,
  description:
    'Events that happened longer ago start nothing, so that publishing after a pause does not act on all that waited; 0 takes every event',
};

/** True words for trying a workflow out. */
export const aboutTrying: INodeProperties = {
  displayName:
    'Executing the workflow here runs it on the latest real event, and its nodes really act. To try it out without effects, choose a FusionCommerce API credential with Rehearsal switched on in the FusionCommerce nodes; other nodes act all the same.',
  name: 'aboutTrying',
  type: 'notice',
  default: '',
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
