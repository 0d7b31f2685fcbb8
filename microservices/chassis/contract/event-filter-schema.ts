import { z } from 'zod';
import { choices } from './choices.ts';
import type { EventFilter } from './event-filter.ts';
import { storableText } from './text.ts';

const scalar = z.union([storableText(500), z.number(), z.boolean(), z.null()]);

const field = z
  .string()
  .regex(
    /^(?:id|type|source|subject|time|sequence|correlationid|causationid|data(?:\.[^.\s]{1,64}){1,10})$/u,
    'a field is id, type, source, subject, time, sequence, correlationid or causationid, or a path below data such as data.total.amount; * stands for every item of a list, as in data.lines.*.sku',
  )
  .describe('Where in the event to look: data.total.amount, data.lines.*.sku, subject')
  .meta({ examples: ['data.total.amount'] });

/** One condition on one field. Text and numbers are never converted into one another: "5" is not 5. */
export const filterCondition = z
  .discriminatedUnion('operator', [
    z.object({ field, operator: z.enum(['equals', 'notEquals']), value: scalar }),
    z.object({
      field,
      operator: z.enum(['greaterThan', 'greaterOrEqual', 'lessThan', 'lessOrEqual']),
      value: z.union([z.number(), storableText(500).min(1)]).describe('A number, or a text such as a moment'),
    }),
    z.object({ field, operator: z.enum(['in', 'notIn']), value: z.array(scalar).min(1).max(100) }),
    z.object({
      field,
      operator: z.enum(['contains', 'notContains']),
      value: scalar.describe('A part of a text, or an item of a list'),
    }),
    z.object({ field, operator: z.enum(['startsWith', 'endsWith']), value: storableText(500).min(1) }),
    z.object({ field, operator: z.literal('exists'), value: z.boolean().describe('Whether the field must be there') }),
  ])
  .meta({ id: 'EventCondition', title: 'Condition on an event' });
/** The events that are wanted, as callers state it. */
export const eventFilter = z
  .object({
    combine: choices({ all: 'Every condition has to hold', any: 'One condition is enough' })
      .default('all')
      .describe('Whether all conditions must hold or any one of them'),
    conditions: z
      .array(filterCondition)
      .min(1, 'a filter needs a condition; leave it out to get all events')
      .max(20)
      .describe('For example [{"field": "data.total.amount", "operator": "greaterThan", "value": 5000}]'),
  })
  .meta({ id: 'EventFilter', title: 'Filter of events' }) satisfies z.ZodType<EventFilter>;
