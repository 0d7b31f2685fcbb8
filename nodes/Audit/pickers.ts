import { auditContract } from '../../microservices/audit/contract.ts';
import { pickerFrom, type Pickers } from '../form/pickers.ts';

/** The inputs of this node that are chosen from a list. */
export const auditPickers = {
  entryId: pickerFrom(auditContract, 'Audit Entry', 'searchAuditEntries', 'listEntries', {
    label: ['title', 'resource', 'at'],
  }),
} satisfies Pickers;
