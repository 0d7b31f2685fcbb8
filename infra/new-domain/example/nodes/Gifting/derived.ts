// Computed from the contract when the package is built, and put into the node as plain data (infra/n8n-package).
import { derive } from '../../../../../nodes/form/derive.ts';
import { giftingFace } from './face.ts';

export const { form, answers } = derive(giftingFace);
