import { auditContract } from '../../microservices/audit/contract.ts';
import { defineFace } from '../form/face.ts';
import { auditPickers } from './pickers.ts';

export const auditFace = defineFace(auditContract, {
  pickers: auditPickers,
  resources: {
    entry: {
      operations: {
        getMany: { calls: 'listEntries', action: 'Get many audit entries' },
        get: 'getEntry',
      },
    },
    trail: {
      operations: {
        verify: { calls: 'verifyTrail', action: 'Verify audit trail' },
        anchor: { calls: 'anchorTrail', action: 'Anchor audit trail' },
        getAnchors: { calls: 'listAnchors', action: 'Get many audit anchors' },
      },
    },
  },
  notOnCanvas: {
    exportTrail: 'A file of any length: download it where it is kept, with n8n’s HTTP Request node or curl.',
    recordEntries: 'Services bring their lines into the trail; a journey’s steps are in it by themselves.',
  },
});
