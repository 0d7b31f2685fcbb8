import type { INodeProperties } from 'n8n-workflow';

const SECONDS: Record<string, number> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400, weeks: 604_800 };

/** A length of time as two fields: a number and its unit. */
export const durationFields = (field: {
  name: string;
  label: string;
  description: string;
  unitLabel: string;
}): INodeProperties[] => [
  {
    displayName: field.label,
    name: `${field.name}Amount`,
    type: 'number',
    typeOptions: { minValue: 1, numberPrecision: 0 },
    default: 1,
    description: field.description,
  },
  {
    displayName: field.unitLabel,
    name: `${field.name}Unit`,
    type: 'options',
    default: 'days',
    description: 'The unit of the number before',
    options: [
      { name: 'Days', value: 'days', description: 'Of 24 hours each' },
      { name: 'Hours', value: 'hours', description: 'Of 60 minutes each' },
      { name: 'Minutes', value: 'minutes', description: 'Of 60 seconds each' },
      { name: 'Seconds', value: 'seconds', description: 'For trying a journey out' },
      { name: 'Weeks', value: 'weeks', description: 'Of seven days each' },
    ],
  },
];

/** The length of time that the fields state, in seconds. */
export const secondsOf = (parameter: (name: string) => unknown, name: string): number =>
  Math.max(1, Math.round(Number(parameter(`${name}Amount`)) * (SECONDS[String(parameter(`${name}Unit`))] ?? 1)));
