import { z } from 'zod';
import { line, operation, timestamp } from '../../chassis/contract/index.ts';

const write = { scope: 'events:write' };

const step = line(100)
  .describe('The name of what must happen once, the same in every attempt')
  .meta({ examples: ['supplier order'] });

const key = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'a key is 1 to 200 printable characters without spaces')
  .optional()
  .describe(
    'For whom or what it must happen once, for example a customer and a campaign; by itself, the event that started the workflow',
  )
  .meta({ examples: ['cus_1-summer'] });

const input = z.object({ step, key }).refine((given) => given.key !== undefined, {
  message: 'a key is needed: an event’s id, or what else it must happen once for',
  path: ['key'],
});

const claimed = { key: z.string(), step: z.string() };

export const onceOperations = {
  claimOnce: operation({
    method: 'POST',
    path: '/events/once',
    title: 'Go on once per event',
    description:
      'Says whether this is the first time for a step and key, and remembers it for 90 days: of all attempts, however many run at once, exactly one is the first. Put it before nodes that are not FusionCommerce’s and must not repeat.',
    access: write,
    input,
    output: z.object({
      ...claimed,
      first: z.boolean().describe('True the first time, false when it was seen before'),
      firstAt: timestamp.describe('When it was the first time'),
    }),
  }),
  releaseOnce: operation({
    method: 'POST',
    path: '/events/once/release',
    title: 'Allow once again',
    description:
      'Forgets a step and key, so that the next attempt is the first again. For the error branch of what was known to have failed.',
    access: write,
    input,
    output: z.object({ ...claimed, released: z.boolean().describe('False when nothing was remembered') }),
  }),
};
