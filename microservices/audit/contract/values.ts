import { z } from 'zod';
import { choices, id, journeyOrigin, storableText, timestamp } from '../../chassis/contract/index.ts';

export const entryId = id('aud');

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 hash is 64 hexadecimal digits');
const position = z.int().min(0).describe('Number of the entry, 1 for the first ever');

export const place = z
  .object({ position, hash: hash.describe('SHA-256 of the entry and of all before it') })
  .meta({ id: 'AuditPlace', title: 'Place in the audit trail' });

export const callerKind = choices({
  key: 'An API key: staff, a journey, an integration',
  service: 'A service of the platform, for somebody else or by the clock',
  customer: 'A signed-in customer',
  guest: 'A guest, or a customer whose address nobody has confirmed',
  anonymous: 'Nobody who is known',
}).describe('Which kind of caller it was');

export const entry = z
  .object({
    id: entryId,
    position,
    at: timestamp.describe('When it was done'),
    who: z.object({
      kind: callerKind,
      caller: z.string().describe('Kind and identifier, for example key:key_… or customer:cus_…'),
      name: z.string().nullable().describe('Name of the API key'),
    }),
    operation: z.string().describe('For example orders.placeOrder'),
    title: z.string().describe('The operation as people read it'),
    resource: z.string().nullable().describe('Identifier or code of what was acted on'),
    outcome: choices({ done: 'It was done', refused: 'It was refused' }),
    refusal: z.string().nullable().describe('Code of the refusal'),
    address: z.string().nullable().describe('Network address of who asked; gone after an erasure'),
    userAgent: z.string().nullable().describe('Beginning of the User-Agent header; gone after an erasure'),
    journey: journeyOrigin.nullable().describe('The journey whose node asked'),
    correlationId: z.string().describe('The same for everything that one request set off'),
    recordedBy: z.string().describe('Whose credential brought the entry into the trail'),
    recordedAt: timestamp.describe('When it came into the trail'),
    hash,
  })
  .meta({ id: 'AuditEntry', title: 'Audit entry' });
export type Entry = z.infer<typeof entry>;

export const anchor = z
  .object({ position, hash, anchoredAt: timestamp })
  .meta({ id: 'AuditAnchor', title: 'Audit anchor' });

export const breakReason = choices({
  missing: 'The entry is missing',
  changed: 'The entry is not as it was recorded, or stands in another’s place',
  personal_data_changed: 'Its address or User-Agent was changed',
  personal_data_removed: 'Its address and User-Agent are gone without an erasure',
  anchor_differs: 'It is another entry than the one that was anchored',
  beginning_differs: 'Entries before it are gone without a record of that',
  end_differs: 'The trail does not end where it should',
});

export const verification = z
  .object({
    whole: z.boolean().describe('True when no entry was changed, deleted, inserted or moved'),
    entries: z.int().describe('How many entries were checked'),
    start: place.describe('The place behind which the trail begins; older entries were dropped'),
    head: place.describe('The last entry'),
    firstBroken: z
      .object({ position, entryId: entryId.nullable(), reason: breakReason })
      .nullable()
      .describe('The first wrong entry'),
  })
  .meta({ id: 'AuditVerification', title: 'Verification of the audit trail' });

/** A line as services send it. Wide bounds: a line that is refused would keep all behind it waiting. */
export const recordedLine = z.object({
  id: z.uuid().describe('The line’s identifier; each is recorded once'),
  at: timestamp,
  operation: z
    .string()
    .regex(/^[a-z]{1,60}\.\w{1,100}$/, 'an operation here looks like orders.placeOrder')
    .refine((name) => !name.startsWith('trail.'), 'the trail itself records what begins with trail.')
    .meta({ description: 'Domain and operation', examples: ['orders.placeOrder'] }),
  caller: storableText(200).describe('Kind and identifier'),
  address: storableText(200).nullable().describe('Network address of the caller'),
  correlationId: storableText(200).describe('Correlation id of the request'),
  details: z
    .object({
      name: storableText(500).optional().describe('Name of the API key'),
      guest: z.boolean().optional().describe('Whether the token was a guest’s'),
      resource: storableText(200).optional().describe('What was acted on'),
      journey: z
        .object({
          workflowId: storableText(200).describe('The workflow'),
          executionId: storableText(200).describe('Its execution'),
          node: storableText(200).nullable().describe('The node'),
        })
        .optional()
        .describe('The journey whose node asked'),
      userAgent: storableText(200).optional().describe('Beginning of the User-Agent header'),
      refusal: storableText(100).optional().describe('Code of the refusal'),
    })
    .nullable()
    .describe('The rest of the line'),
});
export type RecordedLine = z.infer<typeof recordedLine>;
