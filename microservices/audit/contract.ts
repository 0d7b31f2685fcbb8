import { z } from 'zod';
import {
  choices,
  defineContract,
  downloaded,
  event,
  opaque,
  operation,
  page,
  pageQuery,
  timestamp,
} from '../chassis/contract/index.ts';
import {
  anchor,
  breakReason,
  callerKind,
  entry,
  entryId,
  place,
  recordedLine,
  verification,
} from './contract/values.ts';

const read = { scope: 'audit:read' };
const aHash = '5f1d7a84db00d2fce00b31a7fc73224f5f1d7a84db00d2fce00b31a7fc73224f';

const filter = {
  caller: opaque(200).optional().describe('Only of this caller, for example key:key_… or customer:cus_…'),
  kind: callerKind.optional().describe('Only of this kind of caller'),
  operation: opaque(120).optional().describe('Only this operation, for example orders.placeOrder'),
  domain: opaque(60).optional().describe('Only operations of this domain, for example orders'),
  resource: opaque(200).optional().describe('Only about the thing with this identifier or code'),
  outcome: choices({ done: 'Only what was done', refused: 'Only what was refused' })
    .optional()
    .describe('Whether it was done'),
  workflowId: opaque(200).optional().describe('Only what this workflow’s nodes asked for'),
  executionId: opaque(200).optional().describe('Only what this execution’s nodes asked for'),
  correlationId: opaque(200).optional().describe('Only what one request set off'),
  from: timestamp.optional().describe('Only done at this moment or later'),
  until: timestamp.optional().describe('Only done before this moment'),
};

/** Who did what, when, from where and through which journey, so that nobody can change it unseen. */
export const auditContract = defineContract({
  domain: 'audit',
  title: 'Audit',
  noun: 'Audit',
  description:
    'One trail of every change that was asked for: who, what, when, from where, through which journey, done or refused. Each entry is sealed with the hash of the one before, so that a change of the past shows.',
  version: 1,
  personalData: true,
  operations: {
    listEntries: operation({
      method: 'GET',
      path: '/audit/entries',
      title: 'List audit entries',
      description:
        'Entries of the audit trail, newest first. An entry is in the trail a second or two after its change. GET /v1/audit/export streams all of them.',
      access: read,
      input: z.object({ ...filter, ...pageQuery }),
      output: page(entry),
    }),
    getEntry: operation({
      method: 'GET',
      path: '/audit/entries/{entryId}',
      title: 'Get audit entry',
      description: 'One entry by its identifier.',
      access: read,
      input: z.object({ entryId }),
      output: entry,
      errors: {
        AUDIT_ENTRY_NOT_FOUND: { status: 404, title: 'Audit entry not found', data: z.object({ entryId }) },
      },
    }),
    exportTrail: operation({
      method: 'GET',
      path: '/audit/export',
      title: 'Export audit trail',
      description:
        'Streams the whole trail with all hashes as NDJSON: a line that says where it begins, a line for each entry, and one that says where it ends; without the last line the file is incomplete. `npm run audit:verify` checks such a file without the platform. The export itself is in the trail.',
      access: read,
      input: z.object({}),
      output: downloaded,
      download: { type: 'application/x-ndjson', fileName: 'audit-trail.ndjson' },
      audited: true,
    }),
    verifyTrail: operation({
      method: 'GET',
      path: '/audit/verification',
      title: 'Verify audit trail',
      description:
        'Walks the whole trail, recomputes every hash and compares it with the anchors. Names the first wrong entry. It reads every entry, so it takes seconds for a trail of hundreds of thousands.',
      access: read,
      input: z.object({}),
      output: verification,
    }),
    anchorTrail: operation({
      method: 'POST',
      path: '/audit/anchors',
      title: 'Anchor audit trail',
      description:
        'Publishes the hash of the last entry as audit.anchored. A copy of it outside the platform proves later that no entry up to there was changed. This happens by itself once a day.',
      access: { scope: 'audit:write' },
      input: z.object({}),
      output: anchor,
      successStatus: 201,
      errors: { AUDIT_TRAIL_EMPTY: { status: 409, title: 'The audit trail has no entry yet' } },
    }),
    listAnchors: operation({
      method: 'GET',
      path: '/audit/anchors',
      title: 'List audit anchors',
      description: 'Anchors of the trail, newest first.',
      access: read,
      input: z.object({ ...pageQuery }),
      output: page(anchor),
    }),
    recordEntries: operation({
      method: 'POST',
      path: '/audit/entries',
      title: 'Record audit entries',
      description:
        'For services: brings their lines into the trail, each identifier once, in the order given. Every entry names the credential that recorded it.',
      access: { scope: 'audit:record' },
      input: z.object({ entries: z.array(recordedLine).max(200).describe('At most 200 lines') }),
      output: z.object({ recorded: z.int().describe('Lines that were new') }),
      unaudited: true,
    }),
  },
  events: {
    'audit.anchored': event({
      title: 'Audit trail anchored',
      description:
        'The hash of the last entry of the audit trail. Keep it outside the platform: it proves that nothing before it was changed.',
      technical: true,
      aggregate: 'audit trail',
      payload: place,
      example: { position: 1204, hash: aHash },
    }),
    'audit.broken': event({
      title: 'Audit trail broken',
      description:
        'The daily check found an entry that was changed, deleted, inserted or moved. It is told once for each first wrong entry.',
      aggregate: 'audit trail',
      payload: z.object({
        position: z.int().describe('Number of the first wrong entry'),
        entryId: entryId.nullable().describe('The entry; none where it is missing'),
        reason: breakReason,
      }),
      example: { position: 817, entryId: 'aud_0199a3c27d4e7b1c8f2a6d3e5b7c9d1f', reason: 'changed' },
    }),
  },
});
