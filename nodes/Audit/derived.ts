// Computed from the contract when the package is built, and put into the node as plain data (infra/n8n-package).
import { derive } from '../form/derive.ts';
import { auditFace } from './face.ts';

export const { form, answers } = derive(auditFace);
